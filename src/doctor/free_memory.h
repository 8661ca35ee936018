// How much memory a process may still take without taking it from others: the machine's, or what
// its control groups leave of it.
//
//   const FreeMemory memory = ReadFreeMemory(SystemFiles(""));
//   memory.available_bytes;
//
// A group's own page cache counts as free: the kernel gives it up before it kills.
// Errors: none; what is not known is 0. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "doctor/system_files.h"

namespace retort::doctor {

struct FreeMemory {
  int64_t total_bytes = 0;
  int64_t available_bytes = 0;
  std::string group = {};  // "/docker/0123", where it leaves less than the machine; else empty
};

FreeMemory ReadFreeMemory(const SystemFiles& files);

}  // namespace retort::doctor

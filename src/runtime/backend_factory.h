// Backends by name. Throws kInvalidArgument naming those there are, kUnavailable for one that this
// program was built without, or for a kv_type that the backend does not have. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "ops/backend.h"

namespace retort {

struct BackendOptions {
  std::string name = "cpu";
  int num_threads = 0;         // 0: all usable cores
  std::string cpu_level = {};  // "" = best; see CpuLevels()
  std::string kv_type = {};    // of keys and values: "" = the backend's own; see ParseKvTypes
};

std::unique_ptr<Backend> CreateBackend(const BackendOptions& options);

}  // namespace retort

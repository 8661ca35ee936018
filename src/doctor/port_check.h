// Whether `retort serve` can have its port, and who has it if not.
//
//   CheckPort(GatherPort(SystemFiles(""), 7860));
//
// Sockets are those of /proc/net/tcp and tcp6; the process is the one with the socket among its
// open files, which only its own user and root may see. Errors: none. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "doctor/findings.h"
#include "doctor/system_files.h"

namespace retort::doctor {

struct PortFacts {
  int port = 0;
  bool in_use = false;
  bool elsewhere = false;  // only at an address that is not this machine's own loopback
  std::optional<int> pid = {};
  std::string process = {};  // "python3"; empty: not known
  int free_port = 0;         // the next one that nobody listens at
};

PortFacts GatherPort(const SystemFiles& files, int port);

// One finding.
Findings CheckPort(const PortFacts& facts);

}  // namespace retort::doctor

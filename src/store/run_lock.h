// Who is writing a run: a lock that the kernel lets go however its process ends, so that a run that
// kill -9 stopped can be told from one that still runs, from any container that sees the file.
//
//   RunLock lock("runs.db", run.number);   // held as long as the object lives
//   RunLock::IsHeld("runs.db", number)     // by any process, this one included
//
// A byte for each run in the file `<store>-locks`. Errors: kUnavailable when another holds it, or
// when the file cannot be opened. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

class RunLock {
 public:
  RunLock(const std::string& store_path, int64_t run);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

  static bool IsHeld(const std::string& store_path, int64_t run);

 private:
  int fd_ = -1;
};

}  // namespace retort

// A lock file held by one process at a time, as huggingface_hub holds its own (flock), so that two
// pulls of the same file do the work once.
//
//   const FileLock lock(path, interrupted, [] { ... say that another one is at it ... });
//
// The constructor waits. Errors: kCancelled; kUnavailable when the file cannot be made.
#pragma once

#include <functional>
#include <string>

#include "hub/patience.h"

namespace retort {

class FileLock {
 public:
  // `on_wait` is called once, if another process holds it.
  FileLock(const std::string& path, const Interrupted& interrupted,
           const std::function<void()>& on_wait);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace retort

#include "hub/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/quote.h"

namespace retort {
namespace {

constexpr double kPollSeconds = 0.1;

// Whether the path still leads to the file that is open: its last holder may have removed it.
bool IsAt(int fd, const std::string& path) {
  struct stat open_file {
  }, named{};
  return ::fstat(fd, &open_file) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
}

}  // namespace

FileLock::FileLock(const std::string& path, const Interrupted& interrupted,
                   const std::function<void()>& on_wait) {
  bool said = false;
  while (true) {
    fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) {
      Fail(ErrorCode::kUnavailable, "{} cannot be made: {}", Quoted(path, 300),
           std::strerror(errno));
    }
    if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) {
      if (IsAt(fd_, path)) return;
    } else if (errno != EWOULDBLOCK) {
      return;  // a file system without locks: two pulls would only do the work twice
    } else if (!said) {
      said = true;
      on_wait();
    }
    ::close(fd_);
    FailIfInterrupted(interrupted, kPollSeconds);
  }
}

FileLock::~FileLock() { ::close(fd_); }

}  // namespace retort

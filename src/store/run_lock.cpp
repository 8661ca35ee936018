#include "store/run_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace retort {
namespace {

std::string LockFile(const std::string& store_path) { return store_path + "-locks"; }

// Of the open file description: closing another descriptor of the file does not let it go, and
// children do not hold it, since it is closed on exec.
struct flock ByteOf(int64_t run) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = run;
  lock.l_len = 1;
  return lock;
}

}  // namespace

RunLock::RunLock(const std::string& store_path, int64_t run) {
  const std::string path = LockFile(store_path);
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) Fail(ErrorCode::kUnavailable, "cannot open {}: {}", path, std::strerror(errno));
  struct flock lock = ByteOf(run);
  if (::fcntl(fd_, F_OFD_SETLK, &lock) == 0) return;
  const int error = errno;
  ::close(fd_);
  if (error == EAGAIN || error == EACCES)
    Fail(ErrorCode::kUnavailable, "another process is working on this run; wait until it ends");
  Fail(ErrorCode::kUnavailable, "cannot lock {}: {}", path, std::strerror(error));
}

RunLock::~RunLock() { ::close(fd_); }

bool RunLock::IsHeld(const std::string& store_path, int64_t run) {
  const int fd = ::open(LockFile(store_path).c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;  // nobody ever locked a run there
  struct flock lock = ByteOf(run);
  const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(fd);
  return held;
}

}  // namespace retort

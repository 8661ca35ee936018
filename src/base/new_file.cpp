#include "base/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace retort {
namespace {

[[noreturn]] void CannotWrite(const std::string& path, int error) {
  const ErrorCode code =
      error == ENOSPC || error == EDQUOT ? ErrorCode::kResourceExhausted : ErrorCode::kUnavailable;
  Fail(code, "cannot write {}: {}; name a writable place with room", path, std::strerror(error));
}

}  // namespace

NewFile::NewFile(const std::string& path, uint64_t bytes) : path_(path), part_(path + ".part") {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (!error && space.available < bytes) {
    Fail(ErrorCode::kResourceExhausted,
         "{} needs {} MB, but its disk has only {} MB free; free some or name another place", path,
         bytes / 1'000'000, space.available / 1'000'000);
  }
  fd_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd_ < 0) CannotWrite(path, errno);
}

NewFile::~NewFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  std::remove(part_.c_str());
}

void NewFile::Write(uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) CannotWrite(path_, errno);
    bytes = bytes.subspan(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
}

void NewFile::Commit() {
  // Closing and renaming report what the system had put off.
  const bool written = ::close(fd_) == 0 && std::rename(part_.c_str(), path_.c_str()) == 0;
  const int error = errno;
  fd_ = -1;
  if (written) return;
  std::remove(part_.c_str());
  CannotWrite(path_, error);
}

}  // namespace retort

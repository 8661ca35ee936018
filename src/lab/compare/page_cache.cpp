#include "lab/compare/page_cache.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "base/mapped_file.h"

namespace retort {
namespace {

constexpr double kDroppedShare = 0.02;

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0)
      Fail(ErrorCode::kNotFound, "cannot open {}: {}; check the path", path, std::strerror(errno));
  }
  ~OpenFile() { ::close(fd_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

void FillPageCache(const std::vector<std::string>& paths) {
  std::vector<char> buffer(1 << 20);
  for (const std::string& path : paths) {
    const OpenFile file(path);
    while (::read(file.fd(), buffer.data(), buffer.size()) > 0) {
    }
  }
}

double CachedShare(const std::string& path) {
  const MappedFile file(path);
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages((file.bytes().size() + page - 1) / page);
  if (::mincore(const_cast<std::byte*>(file.bytes().data()), file.bytes().size(), pages.data()) !=
      0)
    return 1;  // cannot be told: count it as cached
  const auto cached = std::count_if(pages.begin(), pages.end(),
                                    [](unsigned char flags) { return (flags & 1) != 0; });
  return static_cast<double>(cached) / static_cast<double>(pages.size());
}

DropResult DropFromPageCache(const std::vector<std::string>& paths) {
  double share = 0;  // of the file that kept most
  for (const std::string& path : paths) {
    {
      const OpenFile file(path);
      ::fdatasync(file.fd());  // pages not yet written stay
      ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
    }
    share = std::max(share, CachedShare(path));
  }
  if (share <= kDroppedShare) return {true, "dropped with posix_fadvise"};
  return {false,
          fmt::format("{:.0f} % of the file stayed in the page cache: in use by another process, "
                      "or a file system that ignores posix_fadvise",
                      share * 100)};
}

}  // namespace retort

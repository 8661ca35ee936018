// A whole file mapped read-only into memory. The mapping lives as long as the object; slices are
// views into it. Pages are shared with the page cache, so loading costs no copy.
// Errors: kNotFound (no such file), kInvalidArgument (not a regular file), kCorrupt (empty file).
// Thread-safe once constructed. A file that shrinks while mapped raises SIGBUS on access, as with
// every mapping: do not truncate model files in use.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace retort {

class MappedFile {
 public:
  explicit MappedFile(const std::string& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::string& path() const { return path_; }

  // Gives back the memory of the whole pages in `part` of bytes(). They come back from the page
  // cache, or the file, when they are read.
  void Release(std::span<const std::byte> part) const;

 private:
  std::string path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace retort

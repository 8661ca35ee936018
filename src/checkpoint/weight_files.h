// The mapped files that hold a model's weights.
//
//   std::span<const std::byte> bytes = files.Map("model-00001-of-00002.safetensors");
//
// The spans live as long as this object. Errors: those of MappedFile. Not thread-safe while
// mapping.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/mapped_file.h"

namespace retort {

class WeightFiles {
 public:
  std::span<const std::byte> Map(const std::string& path) {
    maps_.emplace_back(path);
    paths_.push_back(path);
    bytes_ += static_cast<int64_t>(maps_.back().bytes().size());
    return maps_.back().bytes();
  }
  // MappedFile::Release for a part of any of the files.
  void Release(std::span<const std::byte> part) const {
    for (const MappedFile& map : maps_) {
      const std::span<const std::byte> all = map.bytes();
      if (std::less_equal<>{}(all.data(), part.data()) &&
          std::less<>{}(part.data(), all.data() + all.size())) {
        map.Release(part);
      }
    }
  }
  const std::vector<std::string>& paths() const { return paths_; }
  int64_t bytes() const { return bytes_; }

 private:
  std::vector<MappedFile> maps_;
  std::vector<std::string> paths_;
  int64_t bytes_ = 0;
};

}  // namespace retort

// A large file that comes into being whole or not at all: written as PATH.part, renamed at the end.
//
//   NewFile file("model.gguf", bytes);      // kResourceExhausted if the disk has no room
//   file.Write(offset, piece);              // in any order, from any thread
//   file.Commit();                          // without it nothing is left behind
//
// Errors: kUnavailable naming the path and the system's reason. Write is thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace retort {

class NewFile {
 public:
  NewFile(const std::string& path, uint64_t bytes);
  ~NewFile();
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  void Write(uint64_t offset, std::span<const std::byte> bytes);
  // Replaces what stood at the path before.
  void Commit();

 private:
  std::string path_, part_;
  int fd_ = -1;
};

}  // namespace retort

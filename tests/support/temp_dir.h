// A folder of its own for a test, gone with everything in it when the object goes.
//
//   TempDir dir;
//   writer.Write(dir.File("tiny.gguf"));
#pragma once

#include <string>

namespace retort {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace retort

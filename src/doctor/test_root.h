// A folder that stands for / in tests of what is read from /proc and /sys.
//
//   const TestRoot root;
//   root.Write("/proc/meminfo", "MemTotal: 8 kB\n");
//   ReadFreeMemory(SystemFiles(root.path()));
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace retort::doctor {

class TestRoot {
 public:
  const std::string& path() const { return folder_.path(); }

  void Write(const std::string& path, const std::string& text) const {
    const std::filesystem::path full = folder_.path() + path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  void Link(const std::string& path, const std::string& target) const {
    const std::filesystem::path full = folder_.path() + path;
    std::filesystem::create_directories(full.parent_path());
    std::filesystem::create_symlink(target, full);
  }

 private:
  TempDir folder_;
};

}  // namespace retort::doctor

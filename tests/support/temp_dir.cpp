#include "tests/support/temp_dir.h"

#include <stdlib.h>

#include <filesystem>

#include "base/error.h"

namespace retort {

TempDir::TempDir() : path_((std::filesystem::temp_directory_path() / "retort-XXXXXX").string()) {
  RETORT_CHECK(::mkdtemp(path_.data()) != nullptr);
}

TempDir::~TempDir() {
  std::error_code ignored;  // a leftover folder must not fail a test
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace retort

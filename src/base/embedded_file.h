// A file that is part of the program, as cmake/embed_files.cmake puts it there.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace retort {

struct EmbeddedFile {
  struct Bytes {
    const char *begin, *end;
    std::string_view view() const { return {begin, static_cast<size_t>(end - begin)}; }
  };
  std::string_view url;  // "/js/main.js"
  Bytes plain, gzip;     // the same twice
};

}  // namespace retort

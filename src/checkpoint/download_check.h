// What downloads leave behind instead of the file that was wanted.
//
//   CheckDownload("version https://git-lfs.github.com/spec/v1\n...", "model.safetensors");   //
//   fails
//
// Errors: kUnsupported naming the file and what to do. Stateless and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

// Fails if a file that begins like this is a Git LFS pointer or a web page.
void CheckDownload(std::string_view start, const std::string& source);

}  // namespace retort

// Which names from outside may become parts of paths and URLs: repositories, files in them,
// revisions, blobs. What passes here stays below the folder that it is put into.
//
//   CheckRepository("Qwen/Qwen2.5-1.5B-Instruct");      // or Error kInvalidArgument
//   CheckFilePath("../../.bashrc");                     // Error: leaves its folder
//
// Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

// "ORG/NAME" of letters, digits, '-', '_' and '.', without "--" or "..", as the hub demands.
void CheckRepository(std::string_view repository);
// A relative path with '/' between its parts, none of them empty, "." or "..".
void CheckFilePath(std::string_view path);
// A branch, tag, commit or "refs/pr/N".
void CheckRevision(std::string_view revision);

// 40 lower-case hexadecimal digits: a git commit, or the digest of a git blob.
bool IsCommit(std::string_view text);
// 64 lower-case hexadecimal digits.
bool IsSha256(std::string_view text);
// Whether a server's ETag can name a file among the blobs.
bool IsBlobName(std::string_view text);

std::string LowerCase(std::string_view text);
// The last part of a path: "a/b.gguf" → "b.gguf".
std::string_view BaseName(std::string_view path);

}  // namespace retort

#include "hub/names.h"

#include <algorithm>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

constexpr size_t kMaxRepository = 96;  // the hub's own limit
constexpr size_t kMaxPath = 1024;

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool IsWord(std::string_view text, std::string_view also) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlnum(c) || also.find(c) != std::string_view::npos;
  });
}

bool IsHex(std::string_view text, size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool IsRepositoryPart(std::string_view part) {
  return IsWord(part, "-_.") && IsAlnum(part.front()) && IsAlnum(part.back());
}

// Whether every part between slashes can be a name.
bool HasPlainParts(std::string_view path) {
  while (true) {
    const std::string_view part = path.substr(0, path.find('/'));
    if (part.empty() || part == "." || part == "..") return false;
    if (part.size() == path.size()) return true;
    path.remove_prefix(part.size() + 1);
  }
}

}  // namespace

void CheckRepository(std::string_view repository) {
  const size_t slash = repository.find('/');
  const bool good = slash != std::string_view::npos && repository.size() <= kMaxRepository &&
                    IsRepositoryPart(repository.substr(0, slash)) &&
                    IsRepositoryPart(repository.substr(slash + 1)) &&
                    repository.find("--") == std::string_view::npos &&
                    repository.find("..") == std::string_view::npos;
  if (good) return;
  Fail(ErrorCode::kInvalidArgument,
       "{} is no repository of a model hub; write ORG/NAME, such as Qwen/Qwen2.5-1.5B-Instruct",
       Quoted(repository));
}

void CheckFilePath(std::string_view path) {
  const bool readable = std::all_of(path.begin(), path.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\';
  });
  if (readable && path.size() <= kMaxPath && HasPlainParts(path)) return;
  Fail(ErrorCode::kInvalidArgument,
       "{} is no name of a file in a repository: a relative path without '..' is", Quoted(path));
}

void CheckRevision(std::string_view revision) {
  if (IsWord(revision, "-_./") && revision.size() <= kMaxPath && revision.front() != '-' &&
      HasPlainParts(revision)) {
    return;
  }
  Fail(ErrorCode::kInvalidArgument, "{} is no revision; name a branch, a tag or a commit",
       Quoted(revision));
}

bool IsCommit(std::string_view text) { return IsHex(text, 40); }

bool IsSha256(std::string_view text) { return IsHex(text, 64); }

bool IsBlobName(std::string_view text) {
  return IsWord(text, "-_.") && text.size() <= 128 && IsAlnum(text.front());
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view BaseName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace retort

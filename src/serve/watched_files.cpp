#include "serve/watched_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

namespace retort::serve {
namespace {

// Empty when one of them is not there.
std::string StateOf(const std::vector<std::string>& paths) {
  std::string state;
  for (const std::string& path : paths) {
    struct stat facts = {};
    if (stat(path.c_str(), &facts) != 0) return {};
    // The time of the last change of status: it moves with permissions, too.
    state += fmt::format("{} {} {}.{};", facts.st_ino, facts.st_size, facts.st_ctim.tv_sec,
                         facts.st_ctim.tv_nsec);
  }
  return state;
}

}  // namespace

WatchedFiles::WatchedFiles(std::vector<std::string> paths)
    : paths_(std::move(paths)), seen_(StateOf(paths_)) {}

bool WatchedFiles::HaveChanged() {
  std::string now = StateOf(paths_);
  const std::lock_guard lock(mutex_);
  if (now.empty() || now == seen_) return false;
  seen_ = std::move(now);
  return true;
}

}  // namespace retort::serve

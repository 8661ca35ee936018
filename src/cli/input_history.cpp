#include "cli/input_history.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

std::string ToLine(const std::string& entry) {
  return Json(entry).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// One write, so that two sessions that append at once do not mix their lines.
bool WriteAll(const std::string& path, int flags, const std::string& bytes) {
  const int fd = ::open(path.c_str(), flags | O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const ssize_t written = ::write(fd, bytes.data(), bytes.size());
  ::close(fd);
  return written == static_cast<ssize_t>(bytes.size());
}

}  // namespace

InputHistory::InputHistory(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  std::error_code ignored;
  const auto folder = std::filesystem::path(path_).parent_path();
  if (std::filesystem::create_directories(folder, ignored)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
  }
  Read();
}

void InputHistory::Read() {
  std::ifstream file(path_);
  size_t lines = 0;
  for (std::string line; std::getline(file, line); ++lines) {
    const Json entry = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (entry.is_string()) entries_.push_back(entry.get<std::string>());
  }
  if (entries_.size() > kMostEntries)
    entries_.erase(entries_.begin(), entries_.end() - kMostEntries);
  if (lines > 2 * kMostEntries) Rewrite();
}

void InputHistory::Rewrite() const {
  const std::string next = path_ + "." + std::to_string(::getpid());
  std::string bytes;
  for (const std::string& entry : entries_) bytes += ToLine(entry);
  std::error_code ignored;
  if (WriteAll(next, O_TRUNC, bytes)) {
    std::filesystem::rename(next, path_, ignored);
  } else {
    std::filesystem::remove(next, ignored);
  }
}

void InputHistory::Add(const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return;
  if (!entries_.empty() && entries_.back() == text) return;
  entries_.push_back(text);
  if (entries_.size() > kMostEntries) entries_.erase(entries_.begin());
  if (!path_.empty()) WriteAll(path_, O_APPEND, ToLine(text));
}

}  // namespace retort

#include "doctor/system_files.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "hub/folder_entries.h"

namespace retort::doctor {
namespace {

std::optional<int64_t> NumberIn(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin);
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  return number;
}

}  // namespace

std::string SystemFiles::Text(std::string_view path) const {
  std::ifstream file(Path(path), std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::vector<std::string> SystemFiles::Lines(std::string_view path) const {
  std::istringstream text(Text(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::optional<int64_t> SystemFiles::Number(std::string_view path) const {
  return NumberIn(Text(path));
}

std::optional<int64_t> SystemFiles::Bytes(std::string_view path, std::string_view key) const {
  for (const std::string& line : Lines(path)) {
    if (!line.starts_with(key)) continue;
    std::string_view rest = std::string_view(line).substr(key.size());
    if (rest.starts_with(':')) rest.remove_prefix(1);
    if (rest.empty() || (rest.front() != ' ' && rest.front() != '\t')) continue;
    const std::optional<int64_t> number = NumberIn(rest);
    if (!number) return std::nullopt;
    return line.ends_with(" kB") ? *number * 1024 : *number;
  }
  return std::nullopt;
}

std::vector<std::string> SystemFiles::Names(std::string_view folder) const {
  std::vector<std::string> names;
  for (const auto& entry : EntriesOf(Path(folder))) names.push_back(entry.filename().string());
  return names;
}

}  // namespace retort::doctor

#include "cli/input_assembler.h"

#include <string_view>
#include <utility>

namespace retort {
namespace {

constexpr std::string_view kQuotes = R"(""")";

// Without white space behind, which a terminal shows to nobody.
size_t VisibleEnd(const std::string& line) { return line.find_last_not_of(" \t\r") + 1; }

}  // namespace

std::optional<std::string> InputAssembler::Push(std::string line) {
  if (!open_) {
    const size_t first = line.find_first_not_of(" \t");
    quoted_ = first != std::string::npos && line.compare(first, kQuotes.size(), kQuotes) == 0;
    if (quoted_) line.erase(0, first + kQuotes.size());
  }
  const bool closes =
      quoted_ && std::string_view(line).substr(0, VisibleEnd(line)).ends_with(kQuotes);
  const bool goes_on = quoted_ ? !closes : line.ends_with('\\');
  if (closes) line.resize(VisibleEnd(line) - kQuotes.size());
  if (goes_on && !quoted_) line.pop_back();
  held_ += line;
  open_ = goes_on;
  if (goes_on) {
    // The line break after an opening """ is not part of the text.
    if (!quoted_ || !held_.empty()) held_ += '\n';
    return std::nullopt;
  }
  // Nor is the one before a closing """ that stands alone.
  if (quoted_ && line.empty() && held_.ends_with('\n')) held_.pop_back();
  quoted_ = false;
  return std::exchange(held_, {});
}

void InputAssembler::Clear() { *this = {}; }

}  // namespace retort

#include "math/boxes.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "math/characters.h"
#include "math/lexer.h"

namespace retort {
namespace {

constexpr size_t kMaxGap = 100;   // bytes between boxes that belong together
constexpr size_t kMaxBoxes = 16;  // that are joined to one answer
constexpr int kMaxGapWords = 3;   // between boxes in one breath

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; });
}

// "x =" at the end of what stands before a box, as "x = ".
std::string NameBefore(std::string_view gap) {
  constexpr std::string_view kSkipped = " $*\\([\n";
  while (!gap.empty() && kSkipped.find(gap.back()) != std::string_view::npos) gap.remove_suffix(1);
  if (gap.empty() || gap.back() != '=') return {};
  gap.remove_suffix(1);
  while (!gap.empty() && gap.back() == ' ') gap.remove_suffix(1);
  // "x", "y_2", "x_{12}"
  constexpr std::string_view kIndex = "_{}0123456789";
  size_t begin = gap.size();
  while (begin > 0 && kIndex.find(gap[begin - 1]) != std::string_view::npos) --begin;
  if (begin == 0 || std::isalpha(static_cast<unsigned char>(gap[begin - 1])) == 0) return {};
  return std::string(gap.substr(begin - 1)) + " = ";
}

// At most a few words, and no end of a sentence or paragraph.
bool InOneBreath(std::string_view gap) {
  if (gap.size() > kMaxGap || gap.find("\n\n") != std::string_view::npos ||
      gap.find(". ") != std::string_view::npos || gap.find(".\n") != std::string_view::npos ||
      gap.find("。") != std::string_view::npos) {
    return false;
  }
  const std::vector<Token> tokens = Tokenize(ToLatex(gap));
  const auto is_word = [](const Token& token) {
    return token.kind == LatexTokenKind::kWord || token.text == "and" || token.text == "or";
  };
  const auto is_equal = [](const Token& token) { return token.Is(LatexTokenKind::kRelation, "="); };
  // "= \boxed{2} = \boxed{4/2}" says the same twice, but "x = \boxed{2}, y = \boxed{4}" does not.
  return std::count_if(tokens.begin(), tokens.end(), is_word) <= kMaxGapWords &&
         (std::none_of(tokens.begin(), tokens.end(), is_equal) || !NameBefore(gap).empty());
}

}  // namespace

std::vector<Box> FindBoxes(std::string_view text) {
  struct Open {
    size_t begin;    // of "\boxed", or npos for another brace
    size_t content;  // behind the brace
  };
  constexpr std::array<std::string_view, 3> kStarts = {"\\boxed{", "\\fbox{", "\\boxed {"};
  constexpr size_t kNone = std::string_view::npos;
  std::vector<Open> open;
  std::vector<Box> boxes;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      std::string_view rest = text.substr(at);
      // A text that is escaped twice: "\\\\boxed".
      if (rest.starts_with("\\\\boxed{")) rest = text.substr(++at);
      const auto* start = std::find_if(kStarts.begin(), kStarts.end(),
                                       [rest](std::string_view s) { return rest.starts_with(s); });
      if (start != kStarts.end()) {
        open.push_back({at, at + start->size()});
        at += start->size() - 1;
      } else {
        ++at;  // an escaped brace is none
      }
    } else if (text[at] == '{') {
      open.push_back({kNone, at + 1});
    } else if (text[at] == '}' && !open.empty()) {
      const Open last = open.back();
      open.pop_back();
      if (last.begin == kNone) continue;
      const std::string_view content = text.substr(last.content, at - last.content);
      if (IsBlank(content)) continue;
      while (!boxes.empty() && boxes.back().begin > last.begin) boxes.pop_back();
      boxes.push_back({last.begin, at + 1, content});
    }
  }
  return boxes;
}

std::optional<std::string> JoinLastBoxes(std::string_view text, size_t wanted) {
  const std::vector<Box> boxes = FindBoxes(text);
  if (boxes.empty()) return std::nullopt;
  size_t first = boxes.size() - 1;
  while (first > 0 && boxes.size() - first < kMaxBoxes) {
    const size_t gap_begin = boxes[first - 1].end;
    const std::string_view gap = text.substr(gap_begin, boxes[first].begin - gap_begin);
    const bool near = boxes.size() - first < wanted && gap.size() <= kMaxGap;
    if (!near && !(wanted == 0 && InOneBreath(gap))) break;
    --first;
  }
  if (wanted > 0 && boxes.size() - first != wanted) first = boxes.size() - 1;
  // One box may hold everything, repeated: a list inside stands for itself.
  const bool is_list = boxes.back().content.find_first_of(",;") != std::string_view::npos;
  if (first + 1 == boxes.size() || (wanted > 1 && is_list)) {
    return std::string(boxes.back().content);
  }
  std::string joined;
  for (size_t i = first; i < boxes.size(); ++i) {
    const size_t gap_begin = i == 0 ? 0 : boxes[i - 1].end;
    const std::string name = NameBefore(text.substr(gap_begin, boxes[i].begin - gap_begin));
    joined += (joined.empty() ? "" : ", ") + name + std::string(boxes[i].content);
  }
  return joined;
}

}  // namespace retort

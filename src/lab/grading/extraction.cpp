#include "lab/grading/extraction.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace retort {
namespace {

constexpr size_t kMaxGap = 100;        // between boxes that belong together
constexpr size_t kFormulaTail = 4000;  // bytes searched for formulas

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; });
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "x =" at the end of what stands before a box, as "x = ".
std::string NameBefore(std::string_view gap) {
  constexpr std::string_view kSkipped = " $*\\([\n";
  while (!gap.empty() && kSkipped.find(gap.back()) != std::string_view::npos) gap.remove_suffix(1);
  if (gap.empty() || gap.back() != '=') return {};
  gap.remove_suffix(1);
  while (!gap.empty() && gap.back() == ' ') gap.remove_suffix(1);
  if (gap.empty() || std::isalpha(static_cast<unsigned char>(gap.back())) == 0) return {};
  return std::string(1, gap.back()) + " = ";
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
      const std::string_view rest = text.substr(at);
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
  while (first > 0 && boxes.size() - first < wanted &&
         boxes[first].begin - boxes[first - 1].end <= kMaxGap) {
    --first;
  }
  if (boxes.size() - first != wanted || wanted == 1) return std::string(boxes.back().content);
  // One box may hold everything, repeated: a list inside stands for itself.
  if (boxes.back().content.find_first_of(",;") != std::string_view::npos) {
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

std::optional<std::string_view> FindPhrase(std::string_view text) {
  constexpr std::array<std::string_view, 13> kPhrases = {
      "answer is", "answer:", "answer：", "answer:**", "####", "答案是", "答案为",
      "答案：",    "答案:",   "结果是",   "结果为",    "答：", "答:"};
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), Lower);
  size_t best = std::string_view::npos;
  size_t behind = 0;
  for (const std::string_view phrase : kPhrases) {
    const size_t at = lower.rfind(phrase);
    if (at == std::string::npos ||
        (best != std::string_view::npos && at + phrase.size() < behind)) {
      continue;
    }
    best = at;
    behind = at + phrase.size();
  }
  if (best == std::string_view::npos) return std::nullopt;
  std::string_view rest = text.substr(behind);
  rest.remove_prefix(std::min(rest.find_first_not_of(" :\n*#"), rest.size()));
  rest = rest.substr(0, rest.find('\n'));
  if (rest.empty()) return std::nullopt;
  return rest;
}

std::vector<std::string_view> LastFormulas(std::string_view text) {
  if (text.size() > kFormulaTail) text = text.substr(text.size() - kFormulaTail);
  struct Delimiter {
    std::string_view open, close;
  };
  constexpr std::array kDelimiters = {Delimiter{"$$", "$$"}, Delimiter{"$", "$"},
                                      Delimiter{"\\(", "\\)"}, Delimiter{"\\[", "\\]"}};
  std::vector<std::string_view> formulas;
  for (size_t at = 0; at < text.size(); ++at) {
    for (const Delimiter& delimiter : kDelimiters) {
      if (!text.substr(at).starts_with(delimiter.open)) continue;
      const size_t begin = at + delimiter.open.size();
      const size_t end = text.find(delimiter.close, begin);
      if (end == std::string_view::npos) continue;
      if (!IsBlank(text.substr(begin, end - begin))) {
        formulas.push_back(text.substr(begin, end - begin));
      }
      at = end + delimiter.close.size() - 1;
      break;
    }
  }
  std::reverse(formulas.begin(), formulas.end());
  return formulas;
}

}  // namespace retort

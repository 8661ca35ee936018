#include "lab/grading/compare.h"

#include <algorithm>
#include <cctype>

#include "lab/grading/expression.h"
#include "lab/grading/normalize.h"
#include "lab/grading/value.h"

namespace retort {
namespace {

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\\'; }

// Positions of "name =" as [first byte of the name, first byte behind the "=").
struct NamePlace {
  size_t begin = 0;
  size_t end = 0;
  size_t index = 0;  // which name
};

std::optional<size_t> EqualsBehind(std::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  if (at < text.size() && text[at] == '=') return at + 1;
  return std::nullopt;
}

std::vector<NamePlace> FindNames(std::string_view text, const ExactAnswer& gold) {
  std::vector<NamePlace> places;
  for (size_t index = 0; index < gold.parts.size(); ++index) {
    const std::string& name = gold.parts[index].name;
    for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      if (at > 0 && IsWordByte(text[at - 1])) continue;
      if (const std::optional<size_t> end = EqualsBehind(text, at + name.size())) {
        places.push_back({at, *end, index});
      }
    }
  }
  std::sort(places.begin(), places.end(),
            [](const NamePlace& a, const NamePlace& b) { return a.begin < b.begin; });
  return places;
}

bool IsOpening(char c) { return c == '(' || c == '[' || c == '{'; }
bool IsClosing(char c) { return c == ')' || c == ']' || c == '}'; }

// Without one pair of brackets around the whole, and without what names it: "A = (1, 2)",
// "(a, b) = (1, 2)".
std::string_view WithoutBrackets(std::string_view text) {
  text = Trim(text);
  if (text.empty() || !IsClosing(text.back())) return text;
  const size_t equals = text.rfind('=');
  if (equals != std::string_view::npos) {
    const std::string_view right = Trim(text.substr(equals + 1));
    if (!right.empty() && IsOpening(right.front())) text = right;
  }
  const size_t open = text.find_first_of("([{");
  // Not the brackets of a fraction, a root or a product.
  if (open == std::string_view::npos) return text;
  const std::string_view before = Trim(text.substr(0, open));
  if (!before.empty() && before.back() != '=' && IsWordByte(before.back())) {
    const bool letters = std::all_of(before.begin(), before.end(), [](char c) {
      return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == ' ';
    });
    if (!letters) return text;
  }
  int depth = 0;
  for (size_t at = open; at + 1 < text.size(); ++at) {
    if (IsOpening(text[at])) ++depth;
    if (IsClosing(text[at]) && --depth == 0) return text;  // closes before the end
  }
  return text.substr(open + 1, text.size() - open - 2);
}

// Splits at commas, semicolons, "and" and "or" outside brackets.
std::vector<std::string_view> SplitList(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  size_t begin = 0;
  const auto finish = [&](size_t end, size_t next) {
    if (const std::string_view part = Trim(text.substr(begin, end - begin)); !part.empty()) {
      parts.push_back(part);
    }
    begin = next;
  };
  for (size_t at = 0; at < text.size(); ++at) {
    if (IsOpening(text[at])) ++depth;
    if (IsClosing(text[at])) --depth;
    if (depth > 0) continue;
    if (text[at] == ',' || text[at] == ';') {
      finish(at, at + 1);
    } else if (text.substr(at).starts_with(" and ")) {
      finish(at, at + 5);
      at = begin - 1;
    } else if (text.substr(at).starts_with(" or ")) {
      finish(at, at + 4);
      at = begin - 1;
    }
  }
  finish(text.size(), text.size());
  return parts;
}

// Whether an equation speaks of another unknown than the one asked for: "2x = 10" for x.
bool IsAboutSomethingElse(const ExactAnswer& gold, std::string_view text) {
  const size_t equals = text.find('=');
  if (gold.parts.front().name.empty() || equals == std::string_view::npos) return false;
  const std::string_view left = text.substr(0, equals);
  const bool computed = std::none_of(left.begin(), left.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
  });
  return !computed && FindNames(text, gold).empty();
}

bool MatchesNumber(const ExactAnswer& gold, std::string_view text) {
  if (IsAboutSomethingElse(gold, text)) return false;
  const std::optional<Quantity> value = ReadValue(text, Thousands::kJoined);
  if (!value) return false;
  const Quantity& right = gold.parts.front().value;
  if (gold.decimals < 0) return *value == right;
  const std::optional<Rational> given = value->AsRational();
  const std::optional<Rational> exact = right.AsRational();
  if (!given || !exact) return false;
  const Rational unit(
      1, boost::multiprecision::pow(Integer(10), static_cast<unsigned>(gold.decimals)));
  return abs(*given - *exact) * 2 <= unit;
}

// By name where the text has the names, else by position.
bool MatchesNamed(const ExactAnswer& gold, std::string_view text) {
  const std::vector<NamePlace> places = FindNames(text, gold);
  std::vector<std::optional<Quantity>> given(gold.parts.size());
  if (places.empty()) {
    const std::string_view list = WithoutBrackets(text);
    if (list.find('=') != std::string_view::npos) return false;  // other unknowns
    const std::vector<std::string_view> parts = SplitList(list);
    if (parts.size() != gold.parts.size()) return false;
    for (size_t i = 0; i < parts.size(); ++i) given[i] = ReadValue(parts[i], Thousands::kSeparate);
  }
  for (size_t i = 0; i < places.size(); ++i) {
    const size_t end = i + 1 < places.size() ? places[i + 1].begin : text.size();
    std::string_view part = Trim(text.substr(places[i].end, end - places[i].end));
    for (const std::string_view word : {" and", " or"}) {
      if (part.ends_with(word)) part = Trim(part.substr(0, part.size() - word.size()));
    }
    // The brackets of "(x = 1, y = 2)".
    while (!part.empty() && IsClosing(part.back()) &&
           std::count_if(part.begin(), part.end(), IsOpening) <
               std::count_if(part.begin(), part.end(), IsClosing)) {
      part = Trim(part.substr(0, part.size() - 1));
    }
    given[places[i].index] = ReadValue(part, Thousands::kSeparate);
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i] || *given[i] != gold.parts[i].value) return false;
  }
  return true;
}

// Of "\pm 3" both values, else the one.
bool AppendValues(std::string_view part, std::vector<Quantity>& values) {
  constexpr std::string_view kPlusMinus = "\\pm";
  const size_t sign = part.find(kPlusMinus);
  const std::string_view magnitude =
      sign == std::string_view::npos ? part : part.substr(sign + kPlusMinus.size());
  const std::optional<Quantity> value = ReadValue(magnitude, Thousands::kSeparate);
  if (!value) return false;
  values.push_back(*value);
  if (sign != std::string_view::npos) values.push_back(Negate(*value));
  return true;
}

bool MatchesList(const ExactAnswer& gold, std::string_view text) {
  std::vector<Quantity> given;
  for (const std::string_view part : SplitList(WithoutBrackets(text))) {
    if (!AppendValues(part, given)) return false;
  }
  std::vector<Quantity> right;
  for (const ExactAnswer::Part& part : gold.parts) right.push_back(part.value);
  if (gold.ordered) return given == right;
  return std::is_permutation(given.begin(), given.end(), right.begin(), right.end());
}

}  // namespace

ExactAnswer ToExact(const Answer& answer) {
  ExactAnswer exact;
  for (const AnswerPart& part : answer.parts) {
    exact.parts.push_back({part.name, ToQuantity(part.value)});
  }
  exact.ordered = answer.ordered;
  exact.decimals = answer.decimals;
  return exact;
}

bool Matches(const ExactAnswer& gold, std::string_view written) {
  if (written.size() > kMaxExpressionLength) return false;
  const std::string text = NormalizeAnswer(written);
  if (gold.parts.size() == 1) return MatchesNumber(gold, text);
  if (!gold.parts.front().name.empty()) return MatchesNamed(gold, text);
  return MatchesList(gold, text);
}

std::optional<std::string_view> LastEquation(std::string_view normalized, std::string_view name) {
  for (size_t at = normalized.rfind(name); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : normalized.rfind(name, at - 1)) {
    if (at > 0 && IsWordByte(normalized[at - 1])) continue;
    const std::optional<size_t> behind = EqualsBehind(normalized, at + name.size());
    if (!behind) continue;
    const std::string_view rest = normalized.substr(*behind);
    if (const std::optional<ParsedPrefix> parsed = ParseExpression(rest, Thousands::kSeparate)) {
      return rest.substr(0, parsed->end);
    }
  }
  return std::nullopt;
}

}  // namespace retort

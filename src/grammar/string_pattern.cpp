#include "grammar/string_pattern.h"

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/utf8.h"

namespace retort {
namespace {

constexpr int kMaxPatternGroups = 40;

CodePoints PrintableChars() { return {{0x20, 0x7E}, {0xA0, 0xD7FF}, {0xE000, kMaxCodePoint}}; }

class PatternParser {
 public:
  PatternParser(GrammarTree& tree, JsonText& json, std::string_view pattern, std::string_view where)
      : tree_(tree), json_(json), where_(where), pattern_(pattern), text_(ToCodePoints(pattern)) {}

  ExprId Parse() {
    const ExprId anything = tree_.Repeat(json_.AnyInString(), 0, kUnbounded);
    std::vector<ExprId> parts;
    if (!Take('^')) parts.push_back(anything);
    parts.push_back(ParseChoice(0));
    // ^a|b$ anchors an end of each alternative alone, and is nearly always meant otherwise.
    const bool anchored = parts.size() == 1 || ends_;
    if (anchored && top_alternatives_ > 1) {
      Unsupported("an anchor beside | ; put the alternatives into a group");
    }
    if (!AtEnd()) Invalid("a ) without its (");
    if (!ends_) parts.push_back(anything);
    return tree_.Sequence(std::move(parts));
  }

 private:
  bool AtEnd() const { return at_ == text_.size(); }
  uint32_t Peek() const { return AtEnd() ? 0 : text_[at_]; }
  bool Take(uint32_t c) {
    if (AtEnd() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void Unsupported(std::string_view what) const {
    Fail(ErrorCode::kUnsupported,
         "{}: the pattern {} has at character {} what is not supported: {}", where_,
         Quoted(pattern_), at_ + 1, what);
  }
  [[noreturn]] void Invalid(std::string_view what) const {
    Fail(ErrorCode::kInvalidArgument, "{}: the pattern {} has at character {} {}", where_,
         Quoted(pattern_), at_ + 1, what);
  }

  ExprId ParseChoice(int groups) {
    std::vector<ExprId> ways = {ParseSequence(groups)};
    while (Take('|')) ways.push_back(ParseSequence(groups));
    if (groups == 0) top_alternatives_ = ways.size();
    return tree_.Choice(std::move(ways));
  }

  ExprId ParseSequence(int groups) {
    std::vector<ExprId> parts;
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      if (Peek() == '$') {
        if (groups > 0 || at_ + 1 < text_.size()) Unsupported("$ before the end");
        ++at_;
        ends_ = true;
        break;
      }
      parts.push_back(ParseRepeat(ParsePart(groups)));
    }
    if (parts.empty()) return tree_.Bytes("");
    return tree_.Sequence(std::move(parts));
  }

  ExprId ParsePart(int groups) {
    const uint32_t c = Peek();
    if (c == '^') Unsupported("^ behind the beginning");
    if (c == '*' || c == '+' || c == '?' || c == '{') Invalid("a repetition of nothing");
    if (c == ']' || c == '}') Invalid("a bracket that was not opened; escape it with \\");
    if (Take('(')) return ParseGroup(groups + 1);
    if (Take('[')) return json_.InString(ParseClass());
    if (Take('.')) return json_.InString(PrintableChars());
    if (c == '\\') return json_.InString(ParseEscape(/*in_class=*/false));
    ++at_;
    return json_.InString({{c, c}});
  }

  ExprId ParseGroup(int groups) {
    if (groups > kMaxPatternGroups) Unsupported("groups so deep inside each other");
    if (Take('?') && !Take(':')) Unsupported("a group with (? other than (?: ");
    const ExprId inner = ParseChoice(groups);
    if (!Take(')')) Invalid("a ( without its )");
    return inner;
  }

  ExprId ParseRepeat(ExprId part) {
    int32_t min = 0, max = kUnbounded;
    if (Take('+')) {
      min = 1;
    } else if (Take('?')) {
      max = 1;
    } else if (Take('{')) {
      min = max = Number();
      if (Take(',')) max = Peek() == '}' ? kUnbounded : Number();
      if (!Take('}')) Invalid("a { without its }");
      if (max != kUnbounded && max < min) Invalid("a repetition whose most is below its least");
    } else if (!Take('*')) {
      return part;
    }
    Take('?');  // lazy: the same texts
    const uint32_t next = Peek();
    if (next == '*' || next == '+' || next == '?' || next == '{') Invalid("a second repetition");
    return tree_.Repeat(part, min, max);
  }

  int32_t Number() {
    int32_t value = 0;
    const size_t begin = at_;
    for (; Peek() >= '0' && Peek() <= '9'; ++at_) {
      value = value * 10 + static_cast<int32_t>(Peek() - '0');
      if (value > kMaxRepeat) Unsupported(fmt::format("a repetition above {}", kMaxRepeat));
    }
    if (at_ == begin) Invalid("a { without a number; escape it with \\");
    return value;
  }

  CodePoints ParseClass() {
    const bool others = Take('^');
    CodePoints ranges;
    while (!Take(']')) {
      if (AtEnd()) Invalid("a [ without its ]");
      const CodePoints low = ClassCharacter();
      const size_t dash = at_;
      const bool ranged = Take('-') && Peek() != ']' && !AtEnd();
      if (!ranged) {
        at_ = dash;
        ranges.insert(ranges.end(), low.begin(), low.end());
        continue;
      }
      const CodePoints high = ClassCharacter();
      if (!IsOne(low) || !IsOne(high) || low[0].low > high[0].low) {
        Invalid("a range without two characters in order");
      }
      ranges.push_back({low[0].low, high[0].low});
    }
    const CodePoints chars = Normalized(std::move(ranges));
    const CodePoints result = others ? Intersection(Complement(chars), PrintableChars()) : chars;
    if (result.empty()) Invalid("a class without a character");
    return result;
  }

  static bool IsOne(const CodePoints& points) {
    return points.size() == 1 && points[0].low == points[0].high;
  }

  CodePoints ClassCharacter() {
    if (Peek() == '\\') return ParseEscape(/*in_class=*/true);
    const uint32_t c = Peek();
    ++at_;
    return {{c, c}};
  }

  CodePoints ParseEscape(bool in_class) {
    ++at_;
    if (AtEnd()) Invalid("a \\ at the end");
    const uint32_t c = text_[at_++];
    const auto one = [](uint32_t point) { return CodePoints{{point, point}}; };
    const auto printable_but = [](const CodePoints& points) {
      return Intersection(Complement(points), PrintableChars());
    };
    const CodePoints digits = {{'0', '9'}};
    const CodePoints words = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
    const CodePoints blanks = {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
    switch (c) {
      case 'd':
        return digits;
      case 'D':
        return printable_but(digits);
      case 'w':
        return words;
      case 'W':
        return printable_but(words);
      case 's':
        return blanks;
      case 'S':
        return printable_but(blanks);
      case 'n':
        return one('\n');
      case 'r':
        return one('\r');
      case 't':
        return one('\t');
      case 'f':
        return one('\f');
      case 'x':
        return one(Hex(2));
      case 'u':
        return one(Hex(4));
      default:
        break;
    }
    const bool word = c < 0x80 && !Intersection(words, one(c)).empty();
    if (word && !(in_class && c == '_')) {
      --at_;
      Unsupported("this escape");
    }
    return one(c);
  }

  uint32_t Hex(int digits) {
    uint32_t value = 0;
    for (int i = 0; i < digits; ++i, ++at_) {
      const uint32_t c = Peek();
      const bool digit = c >= '0' && c <= '9';
      const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      if (!digit && !letter) Invalid("an escape without its hexadecimal digits");
      value = value * 16 + (digit ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < 0x20 && value != '\n' && value != '\r' && value != '\t' && value != '\f') {
      Unsupported("a control character");
    }
    if (surrogate) Unsupported("half of a character; write the character");
    return value;
  }

  GrammarTree& tree_;
  JsonText& json_;
  std::string where_;
  std::string_view pattern_;
  std::vector<uint32_t> text_;
  size_t at_ = 0;
  bool ends_ = false;  // with $
  size_t top_alternatives_ = 1;
};

}  // namespace

ExprId StringPattern(GrammarTree& tree, JsonText& json, std::string_view pattern,
                     std::string_view where) {
  return PatternParser(tree, json, pattern, where).Parse();
}

}  // namespace retort

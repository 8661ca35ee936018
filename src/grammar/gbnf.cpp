#include "grammar/gbnf.h"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "grammar/gbnf_reader.h"

namespace retort {
namespace {

constexpr int kMaxGbnfGroups = 60;  // groups inside each other; each takes several expressions

class GbnfParser {
 public:
  GbnfParser(std::string_view text, std::string_view source)
      : reader_(text, source), source_(source), tree_(source) {}

  GrammarTree Parse() {
    for (reader_.SkipBlanks(true); !reader_.AtEnd(); reader_.SkipBlanks(true)) ParseRule();
    const auto root = rules_.find("root");
    if (root == rules_.end() || !tree_.rules()[root->second].defined) {
      Fail(ErrorCode::kInvalidArgument,
           "{}: the grammar has no rule root; define what the whole text is, as root ::= ...",
           source_);
    }
    tree_.SetRoot(root->second);
    return std::move(tree_);
  }

 private:
  RuleId RuleOf(std::string_view name) {
    if (const auto known = rules_.find(std::string(name)); known != rules_.end()) {
      return known->second;
    }
    const RuleId rule = tree_.AddRule(std::string(name));
    rules_.emplace(name, rule);
    return rule;
  }

  void ParseRule() {
    const size_t begin = reader_.place();
    const std::string_view name = reader_.TakeName();
    if (name.empty()) reader_.Refuse("the name of a rule");
    const RuleId rule = RuleOf(name);
    if (tree_.rules()[rule].defined) {
      reader_.GoTo(begin);
      reader_.Refuse("a new rule; this name has been defined before, and");
    }
    reader_.SkipBlanks(false);
    if (!reader_.Take("::=")) reader_.Refuse("::=");
    reader_.SkipBlanks(true);
    tree_.SetRule(rule, ParseChoice(/*groups=*/0));
    if (!reader_.AtLineEnd()) reader_.Refuse("the end of the rule");
  }

  // Alternatives: up to the end of the line, or in a group up to its end.
  ExprId ParseChoice(int groups) {
    std::vector<ExprId> alternatives = {ParseSequence(groups)};
    while (NextAlternative(groups > 0)) alternatives.push_back(ParseSequence(groups));
    return tree_.Choice(std::move(alternatives));
  }

  bool NextAlternative(bool in_group) {
    const size_t place = reader_.place();
    reader_.SkipBlanks(true);
    if (reader_.Take("|")) {
      reader_.SkipBlanks(true);
      return true;
    }
    if (!in_group) reader_.GoTo(place);
    return false;
  }

  ExprId ParseSequence(int groups) {
    std::vector<ExprId> parts;
    while (true) {
      reader_.SkipBlanks(/*newlines=*/groups > 0);
      const char c = reader_.Peek();
      if (reader_.AtLineEnd() || c == '|' || c == ')') break;
      parts.push_back(ParseRepeats(ParsePart(groups)));
    }
    if (parts.empty()) return tree_.Bytes("");
    return tree_.Sequence(std::move(parts));
  }

  ExprId ParsePart(int groups) {
    if (reader_.Take("\"")) return ParseLiteral();
    if (reader_.Take("[")) return ParseClass();
    if (reader_.Take(".")) return tree_.Chars({{0, kMaxCodePoint}});
    if (reader_.Take("(")) return ParseGroup(groups + 1);
    const std::string_view name = reader_.TakeName();
    if (name.empty()) reader_.Refuse("a literal, a class, a group or the name of a rule");
    return tree_.Call(RuleOf(name));
  }

  ExprId ParseGroup(int groups) {
    if (groups > kMaxGbnfGroups) {
      Fail(ErrorCode::kResourceExhausted,
           "{}: groups stand more than {} deep in each other; make rules of them", source_,
           kMaxGbnfGroups);
    }
    const ExprId inner = ParseChoice(groups);
    reader_.SkipBlanks(true);
    if (!reader_.Take(")")) reader_.Refuse(")");
    return inner;
  }

  ExprId ParseLiteral() {
    std::string bytes;
    while (!reader_.Take("\"")) {
      if (reader_.AtLineEnd()) reader_.Refuse("\" to end the literal");
      AppendUtf8(reader_.TakeCharacter(), &bytes);
    }
    return tree_.Bytes(std::move(bytes));
  }

  ExprId ParseClass() {
    const bool others = reader_.Take("^");
    CodePoints ranges;
    while (!reader_.Take("]")) {
      if (reader_.AtLineEnd()) reader_.Refuse("] to end the class");
      const size_t begin = reader_.place();
      CodePointRange range;
      range.low = range.high = reader_.TakeCharacter();
      const size_t dash = reader_.place();
      if (reader_.Take("-")) {
        if (reader_.Peek() == ']') {
          reader_.GoTo(dash);  // a dash at the end is one of the characters
        } else {
          if (reader_.AtLineEnd()) reader_.Refuse("] to end the class");
          range.high = reader_.TakeCharacter();
        }
      }
      if (range.low > range.high) {
        reader_.GoTo(begin);
        reader_.Refuse("a range that begins with the lower character");
      }
      ranges.push_back(range);
    }
    if (ranges.empty() && !others) reader_.Refuse("a class with a character in it, before what");
    CodePoints chars = Normalized(std::move(ranges));
    return tree_.Chars(others ? Complement(chars) : std::move(chars));
  }

  ExprId ParseRepeats(ExprId expr) {
    while (true) {
      reader_.SkipBlanks(false);
      if (reader_.Take("*")) {
        expr = tree_.Repeat(expr, 0, kUnbounded);
      } else if (reader_.Take("+")) {
        expr = tree_.Repeat(expr, 1, kUnbounded);
      } else if (reader_.Take("?")) {
        expr = tree_.Optional(expr);
      } else if (reader_.Take("{")) {
        expr = ParseCounts(expr);
      } else {
        return expr;
      }
    }
  }

  ExprId ParseCounts(ExprId expr) {
    reader_.SkipBlanks(false);
    const int32_t min = reader_.TakeNumber(kMaxRepeat);
    int32_t max = min;
    reader_.SkipBlanks(false);
    if (reader_.Take(",")) {
      reader_.SkipBlanks(false);
      const size_t place = reader_.place();
      max = reader_.Peek() == '}' ? kUnbounded : reader_.TakeNumber(kMaxRepeat);
      if (max != kUnbounded && max < min) {
        reader_.GoTo(place);
        reader_.Refuse(fmt::format("a number of at least {}", min));
      }
    }
    reader_.SkipBlanks(false);
    if (!reader_.Take("}")) reader_.Refuse("}");
    return tree_.Repeat(expr, min, max);
  }

  GbnfReader reader_;
  std::string source_;
  GrammarTree tree_;
  std::unordered_map<std::string, RuleId> rules_;
};

}  // namespace

GrammarTree ParseGbnf(std::string_view text, std::string_view source) {
  if (text.size() > kMaxGrammarBytes) {
    Fail(ErrorCode::kResourceExhausted, "{}: the grammar has {} bytes; {} at most", source,
         text.size(), kMaxGrammarBytes);
  }
  return GbnfParser(text, source).Parse();
}

}  // namespace retort

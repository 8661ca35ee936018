// The pieces that JSON text is made of, as parts of a grammar. What they match, every JSON parser
// reads: strings are valid UTF-8 with whole surrogate pairs, numbers fit their usual types.
//
//   JsonText json(tree);
//   tree.Sequence({json.Literal("a"), tree.Bytes(":"), json.OneSpace(), json.AnyValue()});
//
// White space is bounded, so that a model cannot go on with blanks: see Space(). The tree must
// outlive it. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "grammar/grammar_tree.h"

namespace retort {

// What stands between braces or brackets.
struct Members {
  std::optional<ExprId> some = {};  // one member at least, with commas between them
  bool none = false;                // there may be none
};

class JsonText {
 public:
  explicit JsonText(GrammarTree& tree) : tree_(tree) {}

  // Nothing, one blank, or the end of a line and up to kMaxIndent blanks.
  static constexpr int32_t kMaxIndent = 24;
  ExprId Space();
  ExprId OneSpace() { return tree_.Optional(tree_.Bytes(" ")); }  // nothing or one blank

  // One of these characters inside a string, escaped where it must be.
  ExprId InString(const CodePoints& chars);
  // Any one character inside a string, written plainly or escaped.
  ExprId AnyInString();
  // Quotes around what stands in a string.
  ExprId Quotes(ExprId inner);
  // A string of so many characters. Where they are counted, \uHHHH is left out: each character more
  // costs states, and what needs it is rare.
  ExprId String(int32_t min_length = 0, int32_t max_length = kUnbounded);

  ExprId Integer();  // up to 18 digits
  ExprId Number();
  ExprId Boolean() { return tree_.Choice({tree_.Bytes("true"), tree_.Bytes("false")}); }
  ExprId Null() { return tree_.Bytes("null"); }
  // A given value; between its parts there may be white space.
  ExprId Literal(const nlohmann::ordered_json& value);
  ExprId AnyValue();
  ExprId AnyObject();

  // "{" ... "}" and the like.
  ExprId Braces(const char* open, const Members& members, const char* close);
  // item, item, ...: at least one.
  ExprId List(ExprId item);
  ExprId Comma() { return tree_.Sequence({tree_.Bytes(","), Space()}); }
  ExprId Member(ExprId key, ExprId value);

 private:
  Members AllOf(std::vector<ExprId> parts);

  GrammarTree& tree_;
  std::optional<ExprId> space_, any_in_string_;
  std::map<std::pair<int32_t, int32_t>, RuleId> strings_;
  std::optional<RuleId> integer_, number_, value_, object_;
};

}  // namespace retort

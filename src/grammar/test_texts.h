// What the tests of this layer share: does a text belong to a grammar, and a second opinion on it
// that knows nothing of automata.
//
//   Accepts("root ::= \"a\"+", "aaa")
//   PlainMatcher(tree).Begins("aa")
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "grammar/automaton.h"
#include "grammar/config_sets.h"
#include "grammar/gbnf.h"
#include "grammar/json_schema.h"

namespace retort {

enum class Reading { kNo, kBegins, kWhole };  // what a text is to a grammar

inline Reading Read(const Automaton& automaton, std::string_view text) {
  ConfigSets sets(automaton);
  SetId at = sets.Start();
  for (const char c : text) {
    at = sets.Next(at, static_cast<uint8_t>(c));
    if (at == kDeadSet) return Reading::kNo;
  }
  return sets.ends(at) ? Reading::kWhole : Reading::kBegins;
}

inline bool Accepts(const Automaton& automaton, std::string_view text) {
  return Read(automaton, text) == Reading::kWhole;
}
inline bool Accepts(std::string_view gbnf, std::string_view text) {
  return Accepts(CompileAutomaton(ParseGbnf(gbnf, "test.gbnf")), text);
}

inline Automaton CompileSchema(std::string_view schema) {
  return CompileAutomaton(JsonSchemaGrammar(schema, "test.json"));
}

// `written` is what the automaton was compiled from, for the message.
inline void ExpectTexts(const Automaton& automaton, std::string_view written,
                        const std::vector<std::string>& good, const std::vector<std::string>& bad) {
  for (const std::string& text : good)
    EXPECT_TRUE(Accepts(automaton, text)) << written << ": " << text;
  for (const std::string& text : bad)
    EXPECT_FALSE(Accepts(automaton, text)) << written << ": " << text;
}

// Derives by the tree alone, from every place to every place: slow, and right by inspection.
class PlainMatcher {
 public:
  explicit PlainMatcher(const GrammarTree& tree) : tree_(tree) {}

  Reading Read(std::string_view text) {
    text_ = text;
    cut_ = false;
    const std::set<size_t> ends = Ends(tree_.rules()[tree_.root()].expr, 0);
    if (ends.contains(text.size())) return Reading::kWhole;
    return cut_ ? Reading::kBegins : Reading::kNo;
  }

 private:
  // Where the expression may end if it begins at `from`; notes whether the text was too short.
  std::set<size_t> Ends(ExprId id, size_t from) {
    const Expr& expr = tree_.expr(id);
    switch (expr.kind) {
      case ExprKind::kBytes:
        return EndsOfBytes(expr.bytes, from);
      case ExprKind::kChars: {
        std::set<size_t> ends;
        for (const CodePointRange& range : expr.chars) {
          for (uint32_t c = range.low; c <= range.high; ++c) {
            std::string bytes;
            AppendUtf8(c, &bytes);
            ends.merge(EndsOfBytes(bytes, from));
          }
        }
        return ends;
      }
      case ExprKind::kSequence: {
        std::set<size_t> ends = {from};
        for (const ExprId child : expr.children) ends = EndsFromAll(child, ends);
        return ends;
      }
      case ExprKind::kChoice: {
        std::set<size_t> ends;
        for (const ExprId child : expr.children) ends.merge(Ends(child, from));
        return ends;
      }
      case ExprKind::kRepeat: {
        std::set<size_t> at = {from}, ends;
        for (int32_t i = 0; !at.empty(); ++i) {
          const size_t known = ends.size();
          if (i >= expr.min) ends.insert(at.begin(), at.end());
          const bool done = i == expr.max || (i > expr.min && ends.size() == known);
          if (done) break;
          at = EndsFromAll(expr.children.front(), at);
        }
        return ends;
      }
      case ExprKind::kCall:
        return Ends(tree_.rules()[expr.rule].expr, from);
    }
    return {};
  }

  std::set<size_t> EndsFromAll(ExprId id, const std::set<size_t>& from) {
    std::set<size_t> ends;
    for (const size_t at : from) ends.merge(Ends(id, at));
    return ends;
  }

  std::set<size_t> EndsOfBytes(std::string_view bytes, size_t from) {
    const std::string_view rest = text_.substr(from);
    if (rest.starts_with(bytes)) return {from + bytes.size()};
    if (bytes.starts_with(rest)) cut_ = true;
    return {};
  }

  const GrammarTree& tree_;
  std::string_view text_;
  bool cut_ = false;
};

}  // namespace retort

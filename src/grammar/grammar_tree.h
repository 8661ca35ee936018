// A grammar as it is written: named rules over literals, character classes, sequences,
// alternatives, repetitions and calls of rules. What GBNF text and JSON schemas become, and what
// CompileAutomaton reads.
//
//   GrammarTree tree("answer.gbnf");
//   const RuleId root = tree.AddRule("root");
//   tree.SetRule(root, tree.Choice({tree.Bytes("yes"), tree.Bytes("no")}));
//   tree.SetRoot(root);
//
// Errors: kResourceExhausted for trees beyond the limits below. Not thread-safe while it is built.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/code_points.h"

namespace retort {

using ExprId = uint32_t;
using RuleId = uint32_t;

inline constexpr int32_t kUnbounded = -1;
inline constexpr size_t kMaxExprs = size_t{1} << 18;
inline constexpr size_t kMaxRules = 20'000;
inline constexpr int32_t kMaxRepeat = 10'000;        // of {m,n}, maxLength, maxItems, ...
inline constexpr int32_t kMaxExprDepth = 400;        // expressions inside each other
inline constexpr size_t kMaxGrammarBytes = 1 << 20;  // of GBNF text or of a schema

enum class ExprKind : uint8_t { kBytes, kChars, kSequence, kChoice, kRepeat, kCall };

struct Expr {
  ExprKind kind = ExprKind::kBytes;
  std::string bytes = {};             // kBytes: exactly these
  CodePoints chars = {};              // kChars: one of these characters, in UTF-8
  std::vector<ExprId> children = {};  // kSequence, kChoice; kRepeat has one
  int32_t min = 0, max = 0;           // kRepeat; max may be kUnbounded
  RuleId rule = 0;                    // kCall
  int32_t depth = 1;                  // of the expression and what is in it; calls count 1
};

struct Rule {
  std::string name;
  ExprId expr = 0;
  bool defined = false;
};

class GrammarTree {
 public:
  // `source` names the grammar in messages.
  explicit GrammarTree(std::string_view source) : source_(source) {}

  ExprId Bytes(std::string bytes);
  ExprId Chars(CodePoints ranges);
  ExprId Sequence(std::vector<ExprId> parts);
  ExprId Choice(std::vector<ExprId> alternatives);  // of none: nothing matches
  ExprId Repeat(ExprId expr, int32_t min, int32_t max);
  ExprId Optional(ExprId expr) { return Repeat(expr, 0, 1); }
  ExprId Call(RuleId rule);
  // A text of another grammar, whose rules become rules of this one.
  ExprId Include(const GrammarTree& other);

  RuleId AddRule(std::string name);
  void SetRule(RuleId rule, ExprId expr);
  void SetRoot(RuleId rule) { root_ = rule; }

  const std::string& source() const { return source_; }
  const std::vector<Rule>& rules() const { return rules_; }
  const Expr& expr(ExprId id) const { return exprs_[id]; }
  RuleId root() const { return root_; }

 private:
  ExprId Add(Expr expr);

  std::string source_;
  std::vector<Expr> exprs_;
  std::vector<Rule> rules_;
  RuleId root_ = 0;
};

}  // namespace retort

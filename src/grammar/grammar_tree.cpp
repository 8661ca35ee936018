#include "grammar/grammar_tree.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace retort {

ExprId GrammarTree::Add(Expr expr) {
  if (exprs_.size() == kMaxExprs) {
    Fail(ErrorCode::kResourceExhausted, "{}: the grammar has more than {} parts; make it smaller",
         source_, kMaxExprs);
  }
  for (const ExprId child : expr.children) {
    expr.depth = std::max(expr.depth, exprs_[child].depth + 1);
  }
  if (expr.depth > kMaxExprDepth) {
    Fail(ErrorCode::kResourceExhausted,
         "{}: parts of the grammar stand more than {} deep in each other; make rules of them",
         source_, kMaxExprDepth);
  }
  exprs_.push_back(std::move(expr));
  return static_cast<ExprId>(exprs_.size() - 1);
}

ExprId GrammarTree::Bytes(std::string bytes) {
  return Add({.kind = ExprKind::kBytes, .bytes = std::move(bytes)});
}

ExprId GrammarTree::Chars(CodePoints ranges) {
  return Add({.kind = ExprKind::kChars, .chars = Normalized(std::move(ranges))});
}

ExprId GrammarTree::Sequence(std::vector<ExprId> parts) {
  if (parts.size() == 1) return parts.front();
  return Add({.kind = ExprKind::kSequence, .children = std::move(parts)});
}

ExprId GrammarTree::Choice(std::vector<ExprId> alternatives) {
  if (alternatives.size() == 1) return alternatives.front();
  return Add({.kind = ExprKind::kChoice, .children = std::move(alternatives)});
}

ExprId GrammarTree::Repeat(ExprId expr, int32_t min, int32_t max) {
  RETORT_CHECK(min >= 0 && (max == kUnbounded || max >= min));
  if (min > kMaxRepeat || max > kMaxRepeat) {
    Fail(ErrorCode::kResourceExhausted, "{}: something is repeated {} times; {} times at most",
         source_, std::max(min, max), kMaxRepeat);
  }
  return Add({.kind = ExprKind::kRepeat, .children = {expr}, .min = min, .max = max});
}

ExprId GrammarTree::Call(RuleId rule) {
  RETORT_CHECK(rule < rules_.size());
  return Add({.kind = ExprKind::kCall, .rule = rule});
}

ExprId GrammarTree::Include(const GrammarTree& other) {
  const size_t first_expr = exprs_.size(), first_rule = rules_.size();
  for (const Rule& rule : other.rules_) AddRule(other.source_ + ": " + rule.name);
  for (Expr expr : other.exprs_) {
    for (ExprId& child : expr.children) child += static_cast<ExprId>(first_expr);
    if (expr.kind == ExprKind::kCall) expr.rule += static_cast<RuleId>(first_rule);
    Add(std::move(expr));
  }
  for (size_t i = 0; i < other.rules_.size(); ++i) {
    Rule& rule = rules_[first_rule + i];
    rule.expr = other.rules_[i].expr + static_cast<ExprId>(first_expr);
    rule.defined = other.rules_[i].defined;
  }
  return Call(other.root_ + static_cast<RuleId>(first_rule));
}

RuleId GrammarTree::AddRule(std::string name) {
  if (rules_.size() == kMaxRules) {
    Fail(ErrorCode::kResourceExhausted, "{}: the grammar has more than {} rules", source_,
         kMaxRules);
  }
  rules_.push_back({.name = std::move(name)});
  return static_cast<RuleId>(rules_.size() - 1);
}

void GrammarTree::SetRule(RuleId rule, ExprId expr) {
  RETORT_CHECK(rule < rules_.size() && !rules_[rule].defined);
  rules_[rule].expr = expr;
  rules_[rule].defined = true;
}

}  // namespace retort

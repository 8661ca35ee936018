#include "math/relation.h"

#include <algorithm>

#include "math/numeric.h"

namespace retort {
namespace {

using Kind = Value::Kind;

bool IsName(const Value& side) {
  if (side.kind == Kind::kTuple || side.kind == Kind::kRatio || side.kind == Kind::kList) {
    return std::all_of(side.items.begin(), side.items.end(), IsName);
  }
  return side.kind == Kind::kText || (side.kind == Kind::kExpression && side.letters);
}

bool IsConstant(const Value& side) {
  return side.kind == Kind::kExpression && VariablesOf(side.form).empty();
}

// left - right of a relation of two expressions.
Algebra::Result Difference(const Value& relation, Algebra& algebra) {
  const Value& left = relation.items[0];
  const Value& right = relation.items[1];
  if (left.kind != Kind::kExpression || right.kind != Kind::kExpression) return std::nullopt;
  return algebra.Subtract(left.form, right.form);
}

}  // namespace

const Value* AnswerOf(const Value& relation) {
  if (relation.kind != Kind::kRelation || relation.items.size() < 2) return nullptr;
  const auto& operators = relation.operators;
  const auto is_equal = [](const std::string& op) { return op == "=" || op == "~"; };
  if (!std::all_of(operators.begin(), operators.end(), is_equal)) return nullptr;
  // The last side before a "≈" that has more than a name on its left.
  size_t last = relation.items.size() - 1;
  for (size_t i = 0; i < operators.size(); ++i) {
    if (operators[i] == "~" && !(i == 0 && IsName(relation.items[0]))) {
      last = std::min(last, i);
    }
  }
  const Value& first = relation.items.front();
  if (last == 0) return &first;
  const Value& answer = relation.items[last];
  if (relation.items.size() > 2 || IsName(first)) return &answer;
  if (IsConstant(first) && IsName(answer)) return &first;
  return IsConstant(first) && IsConstant(answer) ? &answer : nullptr;
}

const Value* NameOf(const Value& relation) {
  if (AnswerOf(relation) == nullptr) return nullptr;
  for (const Value& side : relation.items) {
    if (IsName(side)) return &side;
  }
  return nullptr;
}

bool IsInequality(const Value& relation) {
  return relation.kind == Kind::kRelation &&
         std::all_of(relation.operators.begin(), relation.operators.end(),
                     [](const std::string& op) {
                       return op == "<" || op == ">" || op == "<=" || op == ">=";
                     });
}

Value Ascending(const Value& relation) {
  if (!IsInequality(relation) || relation.operators.front()[0] != '>') return relation;
  Value turned = relation;
  std::reverse(turned.items.begin(), turned.items.end());
  std::reverse(turned.operators.begin(), turned.operators.end());
  for (std::string& op : turned.operators) op[0] = op[0] == '>' ? '<' : '>';
  return turned;
}

bool SameEquation(const Value& a, const Value& b, Algebra& algebra) {
  const Value left = Ascending(a);
  const Value right = Ascending(b);
  if (left.items.size() != 2 || right.items.size() != 2 || left.operators != right.operators) {
    return false;
  }
  const Algebra::Result p = Difference(left, algebra);
  const Algebra::Result q = Difference(right, algebra);
  if (!p || !q || p->above().empty() || q->above().empty()) return false;
  // p / q must be a number: that of their first terms, brought to one denominator.
  const Algebra::Result over = algebra.Multiply(*p, Form(q->below(), Form(Rational(1)).above()));
  const Algebra::Result under = algebra.Multiply(*q, Form(p->below(), Form(Rational(1)).above()));
  if (!over || !under || over->above().empty() || under->above().empty()) return false;
  const Rational multiple = over->above().begin()->second / under->above().begin()->second;
  if (IsInequality(left) && multiple < 0) return false;
  const Algebra::Result scaled = algebra.Multiply(*q, Form(multiple));
  return scaled && CompareForms(*p, *scaled, algebra) == Equality::kEqual;
}

}  // namespace retort

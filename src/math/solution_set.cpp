#include "math/solution_set.h"

#include <algorithm>

#include "math/numeric.h"
#include "math/relation.h"

namespace retort {
namespace {

using Kind = Value::Kind;

std::optional<Bound> ReadBound(const Value& value, bool closed, Algebra& algebra) {
  if (value.kind != Kind::kExpression) return std::nullopt;
  if (HasInfinity(value.form)) return Bound{value.form, Rational(0), true, false};
  const std::optional<Rational> approximate = Approximate(value.form, algebra);
  if (!approximate) return std::nullopt;
  return Bound{value.form, *approximate, false, closed};
}

std::optional<SolutionSet> OneRange(const std::optional<Bound>& low,
                                    const std::optional<Bound>& high) {
  if (!low || !high) return std::nullopt;
  if (!low->infinite && !high->infinite && high->approximate < low->approximate) {
    return SolutionSet{};
  }
  return SolutionSet{{*low, *high}};
}

// A point stands below one that is not smaller.
bool LowBefore(const Range& a, const Range& b) {
  if (a.low.infinite || b.low.infinite) return a.low.infinite && !b.low.infinite;
  if (a.low.approximate != b.low.approximate) return a.low.approximate < b.low.approximate;
  return a.low.closed && !b.low.closed;
}

bool Touches(const Bound& high, const Bound& low) {
  if (high.infinite || low.infinite) return true;
  if (high.approximate != low.approximate) return high.approximate > low.approximate;
  return high.closed || low.closed;
}

bool HighBefore(const Bound& a, const Bound& b) {
  if (a.infinite || b.infinite) return !a.infinite;
  if (a.approximate != b.approximate) return a.approximate < b.approximate;
  return !a.closed && b.closed;
}

SolutionSet Merged(SolutionSet ranges) {
  std::sort(ranges.begin(), ranges.end(), LowBefore);
  SolutionSet merged;
  for (Range& range : ranges) {
    if (!merged.empty() && Touches(merged.back().high, range.low)) {
      if (HighBefore(merged.back().high, range.high)) merged.back().high = std::move(range.high);
    } else {
      merged.push_back(std::move(range));
    }
  }
  return merged;
}

Bound Negated(Bound bound, Algebra& algebra) {
  bound.value = algebra.Negate(bound.value);
  bound.approximate = -bound.approximate;
  return bound;
}

// The bound of x in "a x + b <= bound", or nothing if the middle is no such expression.
struct Linear {
  Form factor, rest;
};
std::optional<Linear> AsLinear(const Form& middle, Algebra& algebra) {
  if (!middle.IsPolynomial()) return std::nullopt;
  Linear linear{Form(Rational(1)), Form()};
  bool found = false;
  for (const auto& [monomial, coefficient] : middle.above()) {
    const Form one_term(Polynomial{{monomial, coefficient}}, Form(Rational(1)).above());
    if (VariablesOf(one_term).empty()) {
      const Algebra::Result sum = algebra.Add(linear.rest, one_term);
      if (!sum) return std::nullopt;
      linear.rest = *sum;
    } else {
      if (found) return std::nullopt;
      found = true;
      linear.factor = Form(coefficient);
    }
  }
  return found ? std::optional(linear) : std::nullopt;
}

std::optional<Value> Solved(const Value& bound, const Linear& linear, Algebra& algebra) {
  if (bound.kind != Kind::kExpression) return std::nullopt;
  if (HasInfinity(bound.form)) return bound;
  const Algebra::Result moved = algebra.Subtract(bound.form, linear.rest);
  const Algebra::Result solved = moved ? algebra.Divide(*moved, linear.factor) : std::nullopt;
  return solved ? std::optional(ExpressionValue(*solved)) : std::nullopt;
}

bool IsAbsolute(const Form& form) {
  if (!form.IsPolynomial() || form.above().size() != 1) return false;
  const auto& [monomial, coefficient] = *form.above().begin();
  return coefficient == 1 && monomial.size() == 1 && monomial[0].first->name == "abs" &&
         monomial[0].second == Exponent{};
}

// a < middle < b with one of the bounds perhaps missing.
std::optional<SolutionSet> OfInequality(const Value& relation, Algebra& algebra) {
  const Value chain = Ascending(relation);
  const auto constant = [](const Value& side) {
    return side.kind == Kind::kExpression && VariablesOf(side.form).empty();
  };
  const size_t sides = chain.items.size();
  if (sides < 2 || sides > 3 || chain.operators.front()[0] != chain.operators.back()[0]) {
    return std::nullopt;
  }
  const size_t middle = sides == 3 || constant(chain.items[0]) ? 1 : 0;
  if (constant(chain.items[middle])) return std::nullopt;
  if (chain.items[middle].kind != Kind::kExpression) return std::nullopt;
  const std::optional<Linear> linear = AsLinear(chain.items[middle].form, algebra);
  if (!linear) return std::nullopt;
  std::optional<Bound> low = Bound{{}, {}, true, false}, high = low;
  const auto bound = [&](size_t side, const std::string& op) -> std::optional<Bound> {
    const std::optional<Value> solved = Solved(chain.items[side], *linear, algebra);
    return solved ? ReadBound(*solved, op.size() == 2, algebra) : std::nullopt;
  };
  if (middle == 1) low = bound(0, chain.operators[0]);
  if (middle + 1 < sides) high = bound(middle + 1, chain.operators[middle]);
  if (*linear->factor.AsRational() < 0) std::swap(low, high);
  std::optional<SolutionSet> set = OneRange(low, high);
  if (!set || !IsAbsolute(chain.items[middle].form) || set->size() != 1) return set;
  // 1 <= |x| < 2: both signs; |x| < 2: from -2.
  const Range range = set->front();
  const bool from_zero = range.low.infinite || range.low.approximate < 0;
  if (from_zero) return SolutionSet{{Negated(range.high, algebra), range.high}};
  return Merged({range, {Negated(range.high, algebra), Negated(range.low, algebra)}});
}

std::optional<SolutionSet> OfParts(const std::vector<Value>& parts, Algebra& algebra) {
  SolutionSet all;
  for (const Value& part : parts) {
    const std::optional<SolutionSet> set = ReadSolutionSet(part, algebra);
    if (!set) return std::nullopt;
    all.insert(all.end(), set->begin(), set->end());
  }
  return Merged(std::move(all));
}

bool SameBound(const Bound& a, const Bound& b, Algebra& algebra) {
  if (a.infinite || b.infinite) return a.infinite && b.infinite;
  return a.closed == b.closed && CompareForms(a.value, b.value, algebra) == Equality::kEqual;
}

}  // namespace

std::optional<SolutionSet> ReadSolutionSet(const Value& value, Algebra& algebra) {
  const auto all_are = [&value](std::string_view op) {
    return std::all_of(value.operators.begin(), value.operators.end(),
                       [op](const std::string& o) { return o == op; });
  };
  switch (value.kind) {
    case Kind::kTuple:
      if (value.items.size() != 2) return std::nullopt;
      return OneRange(ReadBound(value.items[0], value.open == "[", algebra),
                      ReadBound(value.items[1], value.close == "]", algebra));
    case Kind::kSet: {
      SolutionSet points;
      for (const Value& item : value.items) {
        const std::optional<Bound> bound = ReadBound(item, true, algebra);
        if (!bound || bound->infinite) return std::nullopt;
        points.push_back({*bound, *bound});
      }
      return Merged(std::move(points));
    }
    case Kind::kUnion:
      return all_are("cup") ? OfParts(value.items, algebra) : std::nullopt;
    case Kind::kList:
      // Several inequalities: one or the other.
      return all_are("or") ? OfParts(value.items, algebra) : std::nullopt;
    case Kind::kRelation:
      if (value.operators.size() == 1 && value.operators[0] == "in") {
        return ReadSolutionSet(value.items[1], algebra);
      }
      return IsInequality(value) ? OfInequality(value, algebra) : std::nullopt;
    default:
      return std::nullopt;
  }
}

bool SameSet(const SolutionSet& a, const SolutionSet& b, Algebra& algebra) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Range& x, const Range& y) {
    return SameBound(x.low, y.low, algebra) && SameBound(x.high, y.high, algebra);
  });
}

}  // namespace retort

#include "math/same_expression.h"

#include "math/numeric.h"

namespace retort {
namespace {

// Rounded as the gold decimal is, or to the precision that was asked for.
bool Close(const Value& gold, const Form& given, int precision, bool one_has_decimal,
           Algebra& algebra) {
  const bool rounds = precision >= 0;
  if (!rounds && gold.decimals < 0) return false;
  const std::optional<Rational> right = Approximate(gold.form, algebra);
  const std::optional<Rational> value = Approximate(given, algebra);
  if (!right || !value) return false;
  if (gold.decimals >= 0 && abs(*right - *value) * 2 <= PowerOfTen(-gold.decimals)) return true;
  if (!rounds || !one_has_decimal) return false;
  const Rational scale = PowerOfTen(precision);
  const Rational half(1, 2);
  return Floor(*right * scale + half) == Floor(*value * scale + half);
}

// "5m" as 5 metres, where the gold is a plain number.
std::optional<Form> WithoutUnitLetter(const Value& gold, const Value& given) {
  constexpr std::string_view kUnitLetters = "mgshlLJNWVAKC";
  if (!VariablesOf(gold.form).empty() || !given.form.IsPolynomial() ||
      given.form.above().size() != 1) {
    return std::nullopt;
  }
  const auto& [monomial, coefficient] = *given.form.above().begin();
  Monomial rest;
  for (const auto& factor : monomial) {
    const std::string& name = factor.first->name;
    const bool unit = factor.first->kind == Atom::Kind::kVariable && name.size() == 1 &&
                      kUnitLetters.find(name[0]) != std::string_view::npos;
    if (!unit) rest.push_back(factor);
  }
  if (rest.size() + 1 != monomial.size() || (coefficient == 1 && rest.empty())) {
    return std::nullopt;
  }
  return Form(Polynomial{{std::move(rest), coefficient}}, Form(Rational(1)).above());
}

}  // namespace

bool SameExpression(const Value& gold, const Value& given, const CompareOptions& options,
                    bool one_has_decimal, Algebra& algebra) {
  const auto same = [&](const Form& form) {
    return CompareForms(gold.form, form, algebra) == Equality::kEqual ||
           Close(gold, form, options.precision, one_has_decimal, algebra);
  };
  if (same(given.form)) return true;
  // 0.28 for 28%; but 28 is not 2800%.
  if (gold.percent && !given.percent) {
    const Algebra::Result value = algebra.Divide(gold.form, Form(Rational(100)));
    if (value && CompareForms(*value, given.form, algebra) == Equality::kEqual) return true;
  }
  const std::optional<Form> without_unit = WithoutUnitLetter(gold, given);
  return without_unit && same(*without_unit);
}

}  // namespace retort

#include "math/compare.h"

#include <algorithm>
#include <map>
#include <set>

#include "math/numeric.h"
#include "math/relation.h"
#include "math/solution_set.h"

namespace retort {
namespace {

using Kind = Value::Kind;

bool IsCollection(const Value& value) {
  return value.kind == Kind::kList || value.kind == Kind::kSet;
}

bool IsAssignment(const Value& value) { return NameOf(value) != nullptr; }

std::string NameText(const Value& assignment) { return NameOf(assignment)->text; }

// "x" of "x_1".
std::string Unindexed(const std::string& name) { return name.substr(0, name.find('_')); }

// A list in which everything has a name.
bool IsSolution(const Value& value) {
  return value.kind == Kind::kList && value.items.size() > 1 &&
         std::all_of(value.items.begin(), value.items.end(), IsAssignment);
}

std::vector<Value> Answers(const Value& solution) {
  std::vector<Value> answers;
  for (const Value& item : solution.items) {
    answers.push_back(IsAssignment(item) ? *AnswerOf(item) : item);
  }
  return answers;
}

Value TupleOf(std::vector<Value> items) {
  Value tuple;
  tuple.kind = Kind::kTuple;
  tuple.open = "(";
  tuple.close = ")";
  tuple.items = std::move(items);
  return tuple;
}

// "p = 5, q = 2, p = 7, q = 2" as two tuples, "x = 1, x = 2" and "x_1 = 1, x_2 = 2" as 1, 2.
void GroupByName(Value& list) {
  std::vector<std::string> names;
  for (const Value& item : list.items) names.push_back(NameText(item));
  const bool indexed = std::all_of(names.begin(), names.end(), [&names](const std::string& name) {
    return Unindexed(name) == Unindexed(names[0]);
  });
  const std::set<std::string> different(names.begin(), names.end());
  const size_t period = indexed ? 1 : different.size();
  if (period == names.size() || names.size() % period != 0) return;
  for (size_t i = period; i < names.size() && !indexed; ++i) {
    if (names[i] != names[i - period]) return;
  }
  const std::vector<Value> answers = Answers(list);
  if (period == 1) {
    list.items = answers;
    return;
  }
  list.items.clear();
  for (size_t i = 0; i < answers.size(); i += period) {
    const auto first = answers.begin() + static_cast<std::ptrdiff_t>(i);
    list.items.push_back(TupleOf({first, first + static_cast<std::ptrdiff_t>(period)}));
  }
}

// Brackets around one thing dropped, names sorted out.
Value Simplified(Value value) {
  for (Value& item : value.items) item = Simplified(std::move(item));
  const bool brackets = IsCollection(value) || value.kind == Kind::kTuple;
  if (brackets && value.items.size() == 1) {
    Value only = std::move(value.items.front());
    return only;
  }
  if (value.kind == Kind::kRelation && value.items.size() > 1) {
    // A chain whose answer is a list: "a = 4, -8" inside brackets.
    return value;
  }
  if (value.kind != Kind::kList) return value;
  if (IsSolution(value)) {
    GroupByName(value);
  } else if (IsAssignment(value.items.front()) &&
             std::none_of(value.items.begin() + 1, value.items.end(),
                          [](const Value& item) { return item.kind == Kind::kRelation; })) {
    value.items.front() = Value(*AnswerOf(value.items.front()));  // "a = 4, -8, -10"
  }
  return value;
}

class Comparison {
 public:
  Comparison(const CompareOptions& options, bool one_has_decimal, Algebra& algebra)
      : options_(options), one_has_decimal_(one_has_decimal), algebra_(algebra) {}

  bool Same(const Value& gold, const Value& given) {
    if (!algebra_.Spend(10)) return false;
    if (gold.kind == Kind::kText || given.kind == Kind::kText) return SameText(gold, given);
    if (gold.kind == Kind::kRelation || given.kind == Kind::kRelation) {
      return SameRelations(gold, given);
    }
    if (gold.kind == Kind::kUnion || given.kind == Kind::kUnion) return SameUnions(gold, given);
    if (gold.kind == Kind::kRatio || given.kind == Kind::kRatio) return SameRatios(gold, given);
    if (gold.kind == Kind::kBased || given.kind == Kind::kBased) return SameBased(gold, given);
    if (IsCollection(gold) && IsCollection(given)) return SameCollections(gold, given);
    if (gold.kind == Kind::kTuple && given.kind == Kind::kTuple) return SameTuples(gold, given);
    if (gold.kind == Kind::kTuple || given.kind == Kind::kTuple) return TupleAndList(gold, given);
    if (gold.kind != given.kind) return false;
    if (gold.kind == Kind::kMatrix) {
      return gold.columns == given.columns && Ordered(gold.items, given.items);
    }
    return gold.kind == Kind::kExpression && SameExpressions(gold, given);
  }

 private:
  static bool SameText(const Value& gold, const Value& given) {
    // A word against a letter: \text{E} and E.
    const Value& other = gold.kind == Kind::kText ? given : gold;
    if (other.kind == Kind::kRelation) {
      const Value* answer = AnswerOf(other);
      return answer != nullptr && answer->kind == Kind::kText &&
             answer->text == (&other == &given ? gold : given).text;
    }
    const bool words = other.kind == Kind::kText ||
                       (other.kind == Kind::kExpression && other.letters) || gold.text.size() > 1;
    return words && !gold.text.empty() && gold.text == given.text;
  }

  bool Equal(const Form& a, const Form& b) {
    return CompareForms(a, b, algebra_) == Equality::kEqual;
  }

  bool SameExpressions(const Value& gold, const Value& given) {
    if (Equal(gold.form, given.form) || Close(gold, given.form)) return true;
    // 0.28 for 28%; but 28 is not 2800%.
    if (gold.percent && !given.percent) {
      const Algebra::Result value = algebra_.Divide(gold.form, Form(Rational(100)));
      if (value && Equal(*value, given.form)) return true;
    }
    const std::optional<Form> without_unit = WithoutUnitLetter(gold, given);
    return without_unit && (Equal(gold.form, *without_unit) || Close(gold, *without_unit));
  }

  // Rounded as the gold decimal is, or to the precision that was asked for.
  bool Close(const Value& gold, const Form& given) {
    const bool rounds = options_.precision >= 0;
    if (!rounds && gold.decimals < 0) return false;
    const std::optional<Rational> right = Approximate(gold.form);
    const std::optional<Rational> value = Approximate(given);
    if (!right || !value) return false;
    if (gold.decimals >= 0 && abs(*right - *value) * 2 <= PowerOfTen(-gold.decimals)) return true;
    if (!rounds || !one_has_decimal_) return false;
    const Rational scale = PowerOfTen(options_.precision);
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

  bool Ordered(const std::vector<Value>& gold, const std::vector<Value>& given) {
    return gold.size() == given.size() &&
           std::equal(gold.begin(), gold.end(), given.begin(),
                      [this](const Value& a, const Value& b) { return Same(a, b); });
  }

  // Each of one has its like in the other.
  bool Unordered(const std::vector<Value>& gold, const std::vector<Value>& given) {
    const auto among = [this](const Value& wanted, const std::vector<Value>& items, bool is_gold) {
      return std::any_of(items.begin(), items.end(), [&](const Value& item) {
        return is_gold ? Same(wanted, item) : Same(item, wanted);
      });
    };
    return std::all_of(gold.begin(), gold.end(),
                       [&](const Value& item) { return among(item, given, true); }) &&
           std::all_of(given.begin(), given.end(),
                       [&](const Value& item) { return among(item, gold, false); });
  }

  bool SameCollections(const Value& gold, const Value& given) {
    const bool named = IsSolution(gold), given_named = IsSolution(given);
    if (named && given_named) {
      return gold.items.size() == given.items.size() && Unordered(gold.items, given.items);
    }
    // Names on one side: the others stand in their order.
    if (named) return Ordered(Answers(gold), given.items);
    if (given_named) return Ordered(gold.items, Answers(given));
    if (gold.kind == Kind::kList &&
        std::any_of(gold.items.begin(), gold.items.end(), IsInequality)) {
      if (const std::optional<bool> same = SameSets(gold, given)) return *same;
    }
    // Of a list, unlike a set, each item counts: -2, 5, 5 is not -2, 5.
    const bool counts = gold.kind == Kind::kList && given.kind == Kind::kList;
    if (counts && gold.items.size() != given.items.size()) return false;
    return Unordered(gold.items, given.items);
  }

  bool SameTuples(const Value& gold, const Value& given) {
    // (0, 1) is no [0, 1]; of longer ones the brackets mean nothing.
    const bool interval = gold.items.size() == 2;
    if (interval && (gold.open != given.open || gold.close != given.close)) return false;
    return Ordered(gold.items, given.items);
  }

  bool TupleAndList(const Value& gold, const Value& given) {
    const Value& other = gold.kind == Kind::kTuple ? given : gold;
    if (IsSolution(other)) {
      return gold.kind == Kind::kTuple ? Ordered(gold.items, Answers(given))
                                       : Ordered(Answers(gold), given.items);
    }
    // (1, 2) and {1, 2}.
    if (other.kind == Kind::kSet) {
      return !options_.strict && Unordered(gold.items, given.items);
    }
    return other.kind == Kind::kList && Ordered(gold.items, given.items);
  }

  std::optional<bool> SameSets(const Value& gold, const Value& given) {
    const std::optional<SolutionSet> a = ReadSolutionSet(gold, algebra_);
    const std::optional<SolutionSet> b = ReadSolutionSet(given, algebra_);
    if (!a || !b) return std::nullopt;
    return SameSet(*a, *b, algebra_);
  }

  bool SameUnions(const Value& gold, const Value& given) {
    if (const std::optional<bool> same = SameSets(gold, given)) return *same;
    if (gold.kind != given.kind || gold.operators != given.operators) return false;
    const bool any_order = std::all_of(gold.operators.begin(), gold.operators.end(),
                                       [](const std::string& op) { return op == "cup"; });
    return any_order ? Unordered(gold.items, given.items) : Ordered(gold.items, given.items);
  }

  // "8:05", and what carries "am" or "pm".
  static bool IsTime(const Value& ratio) {
    const std::string& last = ratio.items.back().text;
    return ratio.items.size() == 2 &&
           ((last.size() >= 2 && last[0] == '0') || ratio.unit.starts_with("pm") ||
            ratio.unit.starts_with("am"));
  }

  // 2 : 4 is 1 : 2, but no number.
  bool SameRatios(const Value& gold, const Value& given) {
    if (gold.kind != given.kind) return false;
    if (gold.items.size() != given.items.size()) return false;
    if (IsTime(gold) || IsTime(given)) return Ordered(gold.items, given.items);
    for (size_t i = 0; i < gold.items.size(); ++i) {
      if (gold.items[i].kind != Kind::kExpression || given.items[i].kind != Kind::kExpression) {
        return Ordered(gold.items, given.items);
      }
      const Algebra::Result left = algebra_.Multiply(gold.items[i].form, given.items[0].form);
      const Algebra::Result right = algebra_.Multiply(gold.items[0].form, given.items[i].form);
      if (!left || !right || !Equal(*left, *right)) return false;
    }
    return true;
  }

  // The base may be left out of an answer, if the digits are right.
  bool SameBased(const Value& gold, const Value& given) {
    if (gold.kind == given.kind && gold.columns != given.columns) return false;
    const bool numbers = (gold.kind == Kind::kBased || gold.kind == Kind::kExpression) &&
                         (given.kind == Kind::kBased || given.kind == Kind::kExpression);
    return numbers && Equal(gold.form, given.form);
  }

  bool SameNames(const Value& gold, const Value& given) {
    const Value* left = NameOf(gold);
    const Value* right = NameOf(given);
    if (left == nullptr || right == nullptr || !options_.strict) return true;
    // y = 2x and f(x) = 2x name the same; x = 5 and y = 5 do not.
    const auto letter = [](const Value& name) {
      return name.kind == Kind::kExpression && name.form.AsVariable().has_value();
    };
    return !letter(*left) || !letter(*right) || left->text == right->text;
  }

  bool SameRelations(const Value& gold, const Value& given) {
    if (gold.kind == given.kind) {
      if (SameEquation(gold, given, algebra_)) return true;
      const Value* right = AnswerOf(gold);
      const Value* value = AnswerOf(given);
      if (right != nullptr && value != nullptr) {
        return SameNames(gold, given) && Same(*right, *value);
      }
      return SameSidesOrSets(gold, given);
    }
    const Value& relation = gold.kind == Kind::kRelation ? gold : given;
    if (const Value* answer = AnswerOf(relation)) {
      return &relation == &gold ? Same(*answer, given) : Same(gold, *answer);
    }
    if (relation.operators.size() == 1 && relation.operators[0] == "in") {
      return &relation == &gold ? Same(relation.items[1], given) : Same(gold, relation.items[1]);
    }
    if (&relation == &given && !options_.allow_set_relation_comp) return false;
    return SameSets(gold, given).value_or(false);
  }

  bool SameSidesOrSets(const Value& gold, const Value& given) {
    const Value left = Ascending(gold);
    const Value right = Ascending(given);
    if (left.operators == right.operators && Ordered(left.items, right.items)) return true;
    if (left.operators == right.operators && left.operators.size() == 1 &&
        left.operators[0] == "!=" && Ordered({left.items[1], left.items[0]}, right.items)) {
      return true;
    }
    const bool from_set = gold.operators.front() == "in" && IsInequality(given);
    if (from_set && !options_.allow_set_relation_comp) return false;
    if (IsInequality(gold) && IsInequality(given) && SubjectOf(gold) != SubjectOf(given)) {
      return false;
    }
    return SameSets(gold, given).value_or(false);
  }

  // The variables that an inequality is about.
  static std::vector<std::string> SubjectOf(const Value& relation) {
    std::vector<std::string> names;
    for (const Value& side : relation.items) {
      if (side.kind != Kind::kExpression) continue;
      for (std::string& name : VariablesOf(side.form)) names.push_back(std::move(name));
    }
    return names;
  }

  const CompareOptions& options_;
  bool one_has_decimal_;
  Algebra& algebra_;
};

bool HasDecimal(const Value& value) {
  return value.has_decimal || std::any_of(value.items.begin(), value.items.end(), HasDecimal);
}

}  // namespace

bool SameAnswer(const Value& gold, const Value& given, const CompareOptions& options,
                Algebra& algebra) {
  const Value right = Simplified(gold);
  const Value value = Simplified(given);
  return Comparison(options, HasDecimal(right) || HasDecimal(value), algebra).Same(right, value);
}

}  // namespace retort

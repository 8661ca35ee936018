#include "math/compare.h"

#include <algorithm>

#include "math/numeric.h"
#include "math/relation.h"
#include "math/rename.h"
#include "math/same_expression.h"
#include "math/solution.h"
#include "math/solution_set.h"

namespace retort {
namespace {

using Kind = Value::Kind;

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
    return gold.kind == Kind::kExpression &&
           SameExpression(gold, given, options_, one_has_decimal_, algebra_);
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
  Value value = Simplified(given);
  if (!options.strict) value = RenamedAs(right, std::move(value), algebra);
  return Comparison(options, HasDecimal(right) || HasDecimal(value), algebra).Same(right, value);
}

}  // namespace retort

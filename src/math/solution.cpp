#include "math/solution.h"

#include <algorithm>
#include <set>

#include "math/relation.h"

namespace retort {
namespace {

using Kind = Value::Kind;

bool IsAssignment(const Value& value) { return NameOf(value) != nullptr; }

std::string NameText(const Value& assignment) { return NameOf(assignment)->text; }

// "x" of "x_1".
std::string Unindexed(const std::string& name) { return name.substr(0, name.find('_')); }

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

}  // namespace

bool IsCollection(const Value& value) {
  return value.kind == Kind::kList || value.kind == Kind::kSet;
}

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

}  // namespace retort

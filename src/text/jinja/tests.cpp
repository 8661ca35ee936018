// The tests of `value is …`.
#include <array>

#include "text/jinja/builtins.h"
#include "text/jinja/operators.h"

namespace retort::jinja {
namespace {

bool IsInteger(const Value& value) { return std::holds_alternative<int64_t>(value.data); }

int64_t IntegerOf(const Value& value) {
  int64_t i = 0;
  ThrowIfUndefined(value);
  if (!value.ToInt(&i)) Fault::Throw("not an integer: '{}'", TypeName(value));
  return i;
}

Value Argument(const Arguments& arguments) {
  ArgumentReader reader("test", arguments);
  Value value = reader.Next("other");
  reader.Finish();
  return value;
}

template <CompareOp kOp>
bool Compares(Runtime& runtime, const Value& value, const Arguments& arguments) {
  return Compare(runtime, kOp, value, Argument(arguments));
}

bool DivisibleBy(Runtime&, const Value& value, const Arguments& arguments) {
  const int64_t divisor = IntegerOf(Argument(arguments)), dividend = IntegerOf(value);
  if (divisor == 0) Fault::Throw("integer division or modulo by zero");
  return divisor == -1 || dividend % divisor == 0;
}

bool SameAs(Runtime& runtime, const Value& value, const Arguments& arguments) {
  const Value other = Argument(arguments);
  return value.data.index() == other.data.index() &&
         Compare(runtime, CompareOp::kEqual, value, other);
}

template <bool kWanted>
bool IsBool(Runtime&, const Value& value, const Arguments&) {
  return value.AsBool() && *value.AsBool() == kWanted;
}

bool IsNumber(const Value& value) {
  double d = 0;
  return value.ToDouble(&d);
}

struct TestEntry {
  std::string_view name;
  Test test;
};

constexpr TestEntry kTests[] = {
    {"defined", [](Runtime&, const Value& v, const Arguments&) { return !v.IsUndefined(); }},
    {"undefined", [](Runtime&, const Value& v, const Arguments&) { return v.IsUndefined(); }},
    {"none", [](Runtime&, const Value& v, const Arguments&) { return v.IsNone(); }},
    {"boolean", [](Runtime&, const Value& v, const Arguments&) { return v.AsBool() != nullptr; }},
    {"true", IsBool<true>},
    {"false", IsBool<false>},
    {"integer", [](Runtime&, const Value& v, const Arguments&) { return IsInteger(v); }},
    {"float", [](Runtime&, const Value& v, const Arguments&) { return v.AsFloat() != nullptr; }},
    {"number", [](Runtime&, const Value& v, const Arguments&) { return IsNumber(v); }},
    {"string", [](Runtime&, const Value& v, const Arguments&) { return v.AsText() != nullptr; }},
    {"mapping", [](Runtime&, const Value& v, const Arguments&) { return v.AsDict() != nullptr; }},
    {"iterable", [](Runtime&, const Value& v, const Arguments&) { return IsIterable(v); }},
    {"sequence", [](Runtime&, const Value& v, const Arguments&) { return IsIterable(v); }},
    {"callable", [](Runtime&, const Value& v,
                    const Arguments&) { return v.AsObject() && v.AsObject()->callable(); }},
    {"odd", [](Runtime&, const Value& v, const Arguments&) { return IntegerOf(v) % 2 != 0; }},
    {"even", [](Runtime&, const Value& v, const Arguments&) { return IntegerOf(v) % 2 == 0; }},
    {"divisibleby", DivisibleBy},
    {"sameas", SameAs},
    {"in", Compares<CompareOp::kIn>},
    {"eq", Compares<CompareOp::kEqual>},
    {"equalto", Compares<CompareOp::kEqual>},
    {"==", Compares<CompareOp::kEqual>},
    {"ne", Compares<CompareOp::kNotEqual>},
    {"!=", Compares<CompareOp::kNotEqual>},
    {"lt", Compares<CompareOp::kLess>},
    {"lessthan", Compares<CompareOp::kLess>},
    {"<", Compares<CompareOp::kLess>},
    {"le", Compares<CompareOp::kLessEqual>},
    {"<=", Compares<CompareOp::kLessEqual>},
    {"gt", Compares<CompareOp::kGreater>},
    {"greaterthan", Compares<CompareOp::kGreater>},
    {">", Compares<CompareOp::kGreater>},
    {"ge", Compares<CompareOp::kGreaterEqual>},
    {">=", Compares<CompareOp::kGreaterEqual>},
};

}  // namespace

Test FindTest(std::string_view name) {
  for (const TestEntry& entry : kTests) {
    if (entry.name == name) return entry.test;
  }
  return nullptr;
}

}  // namespace retort::jinja

// The half of the interpreter that computes values.
#include "text/jinja/builtins.h"
#include "text/jinja/interpreter.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

// How deep evaluation may call itself, macros included; the parser alone cannot bound that.
constexpr int kMaxEvaluationDepth = 600;

}  // namespace

Value Interpreter::Evaluate(const Expression& expression) {
  line_ = expression.line;
  runtime_.Spend(1);
  if (depth_ == kMaxEvaluationDepth)
    Fault::Throw("macros or expressions nest more than {} deep", kMaxEvaluationDepth);
  ++depth_;
  Value value = std::visit([this](const auto& node) { return Get(node); }, expression.node);
  --depth_;
  return value;
}

Value Interpreter::Get(const Name& node) {
  if (const Value* value = scope_->Find(node.name)) return *value;
  if (const auto function = FindFunction(node.name)) {
    return Value::Of(runtime_.New<Builtin>(function));
  }
  return Value::Missing(PythonRepr(node.name) + " is undefined");
}

Value Interpreter::Get(const ListLiteral& node) {
  std::vector<Value> items;
  for (const ExpressionPtr& item : node.items) items.push_back(Evaluate(*item));
  return MakeList(std::move(items), node.is_tuple);
}

Value Interpreter::Get(const DictLiteral& node) {
  std::vector<std::pair<Value, Value>> items;
  for (const auto& [key, value] : node.items) {
    Value k = Evaluate(*key);
    items.emplace_back(std::move(k), Evaluate(*value));
  }
  return MakeDict(std::move(items));
}

Value Interpreter::Get(const Sign& node) { return Negate(Evaluate(*node.operand), node.negative); }

Value Interpreter::Get(const Binary& node) {
  const Value left = Evaluate(*node.left);
  return Calculate(runtime_, node.op, left, Evaluate(*node.right));
}

Value Interpreter::Get(const Logical& node) {
  Value left = Evaluate(*node.left);
  return IsTrue(left) == node.is_and ? Evaluate(*node.right) : left;
}

Value Interpreter::Get(const Comparison& node) {
  Value left = Evaluate(*node.first);
  for (const auto& [op, operand] : node.rest) {
    Value right = Evaluate(*operand);
    if (!Compare(runtime_, op, left, right)) return Value::Bool(false);
    left = std::move(right);
  }
  return Value::Bool(true);
}

Value Interpreter::Get(const Concatenation& node) {
  std::string text;
  for (const ExpressionPtr& part : node.parts) {
    const std::string piece = runtime_.TextOf(Evaluate(*part));
    runtime_.SpendBytes(piece.size());
    text += piece;
  }
  return Value::Text(std::move(text));
}

Value Interpreter::Get(const Conditional& node) {
  if (IsTrue(Evaluate(*node.test))) return Evaluate(*node.then);
  if (node.otherwise) return Evaluate(*node.otherwise);
  return Value::Missing(
      fmt::format("the inline if-expression on line {} evaluated to false and no else section was "
                  "defined.",
                  node.test->line));
}

Value Interpreter::Get(const AttributeAccess& node) {
  return GetAttribute(runtime_, Evaluate(*node.object), node.name);
}

Value Interpreter::Get(const Subscript& node) {
  const Value object = Evaluate(*node.object);
  return GetItem(runtime_, object, Evaluate(*node.index));
}

Value Interpreter::EvaluateBound(const ExpressionPtr& bound) {
  return bound ? Evaluate(*bound) : Value::Nothing();
}

Value Interpreter::Get(const Slicing& node) {
  const Value object = Evaluate(*node.object);
  const Value start = EvaluateBound(node.start), stop = EvaluateBound(node.stop);
  return GetSlice(runtime_, object, start, stop, EvaluateBound(node.step));
}

Arguments Interpreter::EvaluateArguments(const CallArguments& arguments) {
  Arguments values;
  for (const ExpressionPtr& argument : arguments.positional) {
    values.positional.push_back(Evaluate(*argument));
  }
  for (const auto& [name, argument] : arguments.named) {
    values.named.emplace_back(name, Evaluate(*argument));
  }
  return values;
}

Value Interpreter::Get(const Call& node) {
  const Value callee = Evaluate(*node.callee);
  ThrowIfUndefined(callee);
  Object* const function = callee.AsObject();
  if (!function) Fault::Throw("'{}' object is not callable", TypeName(callee));
  const Arguments arguments = EvaluateArguments(node.arguments);
  return function->Call(runtime_, arguments);
}

Value Interpreter::Get(const FilterCall& node) {
  const Value operand = Evaluate(*node.operand);
  return FindFilter(node.name)(runtime_, operand, EvaluateArguments(node.arguments));
}

Value Interpreter::Get(const TestCall& node) {
  const Value operand = Evaluate(*node.operand);
  return Value::Bool(FindTest(node.name)(runtime_, operand, EvaluateArguments(node.arguments)));
}

}  // namespace retort::jinja

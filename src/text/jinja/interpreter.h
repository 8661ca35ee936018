// Runs a syntax tree: one object per rendering.
//
//   Interpreter interpreter(&runtime, variables, max_output_bytes);
//   std::string text = interpreter.Run(program);
//
// Errors: Fault, with line() telling where; Error from raise_exception. Not thread-safe.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "text/jinja/ast.h"
#include "text/jinja/runtime.h"

namespace retort::jinja {

// Names that are visible at one place: the template, a loop's pass, a macro's call.
struct Scope {
  const Scope* outer;
  std::vector<std::pair<std::string, Value>> names;

  const Value* Find(const std::string& name) const;
  void Set(const std::string& name, Value value);
};

class Interpreter {
 public:
  Interpreter(Runtime* runtime, std::vector<std::pair<std::string, Value>> variables);

  std::string Run(const Block& program);
  int line() const { return line_; }

 private:
  friend class Macro;
  enum class Flow { kNext, kBreak, kContinue };

  Flow Execute(const Block& block);
  Flow ExecuteOne(const Statement& statement);
  Flow Do(const Text& node);
  Flow Do(const Print& node);
  Flow Do(const If& node);
  Flow Do(const For& node);
  Flow Do(const Set& node);
  Flow Do(const SetBlock& node);
  Flow Do(const MacroDefinition& node);
  Flow Do(const Generation& node);
  Flow Do(const Break&) { return Flow::kBreak; }
  Flow Do(const Continue&) { return Flow::kContinue; }
  std::vector<Value> LoopItems(const For& node);
  std::string Capture(const Block& block);
  Value CallMacro(const MacroDefinition& macro, const Scope* home, const Arguments& arguments);

  Value Evaluate(const Expression& expression);
  Value Get(const Literal& node) { return node.value; }
  Value Get(const Name& node);
  Value Get(const ListLiteral& node);
  Value Get(const DictLiteral& node);
  Value Get(const Not& node) { return Value::Bool(!IsTrue(Evaluate(*node.operand))); }
  Value Get(const Sign& node);
  Value Get(const Binary& node);
  Value Get(const Logical& node);
  Value Get(const Comparison& node);
  Value Get(const Concatenation& node);
  Value Get(const Conditional& node);
  Value Get(const AttributeAccess& node);
  Value Get(const Subscript& node);
  Value Get(const Slicing& node);
  Value Get(const Call& node);
  Value Get(const FilterCall& node);
  Value Get(const TestCall& node);
  Value EvaluateBound(const ExpressionPtr& bound);
  Arguments EvaluateArguments(const CallArguments& arguments);

  void Assign(const Target& target, Value value);
  void Write(const std::string& text);
  Scope* Push(const Scope* outer);
  void Pop(size_t macros_before);

  Runtime& runtime_;
  std::deque<Scope> scopes_;  // stable addresses; macros remember theirs
  Scope* scope_;
  size_t macros_ = 0;
  std::string* out_ = nullptr;
  int line_ = 1;
  int depth_ = 0;
};

// A macro that was defined during the rendering.
class Macro : public Object {
 public:
  Macro(Interpreter* interpreter, const MacroDefinition* definition, const Scope* home)
      : interpreter_(interpreter), definition_(definition), home_(home) {}
  std::string type_name() const override { return "Macro"; }
  bool callable() const override { return true; }
  Value Call(Runtime&, const Arguments& arguments) override {
    return interpreter_->CallMacro(*definition_, home_, arguments);
  }

 private:
  Interpreter* interpreter_;
  const MacroDefinition* definition_;
  const Scope* home_;
};

}  // namespace retort::jinja

#include "text/jinja/interpreter.h"

#include <algorithm>

#include "text/jinja/loop.h"
#include "text/jinja/operators.h"

namespace retort::jinja {

const Value* Scope::Find(const std::string& name) const {
  for (const Scope* scope = this; scope; scope = scope->outer) {
    for (const auto& [known, value] : scope->names) {
      if (known == name) return &value;
    }
  }
  return nullptr;
}

void Scope::Set(const std::string& name, Value value) {
  const auto known = std::find_if(names.begin(), names.end(),
                                  [&name](const auto& entry) { return entry.first == name; });
  if (known != names.end()) {
    known->second = std::move(value);
  } else {
    names.emplace_back(name, std::move(value));
  }
}

Interpreter::Interpreter(Runtime* runtime, std::vector<std::pair<std::string, Value>> variables)
    : runtime_(*runtime) {
  scope_ = Push(nullptr);
  scope_->names = std::move(variables);
}

std::string Interpreter::Run(const Block& program) { return Capture(program); }

std::string Interpreter::Capture(const Block& block) {
  std::string text;
  std::string* const outer = std::exchange(out_, &text);
  Execute(block);
  out_ = outer;
  return text;
}

void Interpreter::Write(const std::string& text) {
  runtime_.SpendBytes(text.size());
  *out_ += text;
}

Scope* Interpreter::Push(const Scope* outer) { return &scopes_.emplace_back(Scope{outer, {}}); }

// Scopes stay only where a macro may look at them again.
void Interpreter::Pop(size_t macros_before) {
  if (macros_ == macros_before) scopes_.pop_back();
}

Interpreter::Flow Interpreter::Execute(const Block& block) {
  for (const Statement& statement : block) {
    const Flow flow = ExecuteOne(statement);
    if (flow != Flow::kNext) return flow;
  }
  return Flow::kNext;
}

Interpreter::Flow Interpreter::ExecuteOne(const Statement& statement) {
  line_ = statement.line;
  runtime_.Spend(1);
  return std::visit([this](const auto& node) { return Do(node); }, statement.node);
}

Interpreter::Flow Interpreter::Do(const Text& node) {
  Write(node.text);
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const Print& node) {
  Write(runtime_.TextOf(Evaluate(*node.value)));
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const If& node) {
  for (const Branch& branch : node.branches) {
    if (!branch.test || IsTrue(Evaluate(*branch.test))) return Execute(branch.body);
  }
  return Flow::kNext;
}

// The items that pass the loop's condition.
std::vector<Value> Interpreter::LoopItems(const For& node) {
  std::vector<Value> items = Iterate(runtime_, Evaluate(*node.items));
  if (!node.condition) return items;
  std::vector<Value> passing;
  Scope* const outer = scope_;
  for (Value& item : items) {
    const size_t macros_before = macros_;
    scope_ = Push(outer);
    Assign(node.target, item);
    if (IsTrue(Evaluate(*node.condition))) passing.push_back(std::move(item));
    Pop(macros_before);
  }
  scope_ = outer;
  return passing;
}

Interpreter::Flow Interpreter::Do(const For& node) {
  Loop* const loop = runtime_.New<Loop>(LoopItems(node));
  Scope* const outer = scope_;
  Flow flow = Flow::kNext;
  for (size_t i = 0; i < loop->items().size() && flow != Flow::kBreak; ++i) {
    const size_t macros_before = macros_;
    loop->MoveTo(i);
    scope_ = Push(outer);
    Assign(node.target, loop->items()[i]);
    scope_->Set("loop", Value::Of(loop));
    flow = Execute(node.body);
    Pop(macros_before);
  }
  if (loop->items().empty()) {
    const size_t macros_before = macros_;
    scope_ = Push(outer);
    flow = Execute(node.otherwise);
    Pop(macros_before);
    scope_ = outer;
    return flow;
  }
  scope_ = outer;
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const Set& node) {
  Assign(node.target, Evaluate(*node.value));
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const SetBlock& node) {
  Assign(node.target, Value::Text(Capture(node.body)));
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const MacroDefinition& node) {
  ++macros_;
  scope_->Set(node.name, Value::Of(runtime_.New<Macro>(this, &node, scope_)));
  return Flow::kNext;
}

Interpreter::Flow Interpreter::Do(const Generation& node) { return Execute(node.body); }

void Interpreter::Assign(const Target& target, Value value) {
  if (target.parts.empty() && target.attribute.empty()) {
    scope_->Set(target.name, std::move(value));
  } else if (target.parts.empty()) {
    const Value* owner = scope_->Find(target.name);
    auto* space = owner ? dynamic_cast<Namespace*>(owner->AsObject()) : nullptr;
    if (!space) Fault::Throw("cannot assign attribute on non-namespace object");
    space->Set(target.attribute, std::move(value));
  } else {
    if (!IsIterable(value)) {
      Fault::Throw("cannot unpack non-iterable {} object", TypeName(value));
    }
    std::vector<Value> items = Iterate(runtime_, value);
    const size_t wanted = target.parts.size();
    if (items.size() > wanted) Fault::Throw("too many values to unpack (expected {})", wanted);
    if (items.size() < wanted) {
      Fault::Throw("not enough values to unpack (expected {}, got {})", wanted, items.size());
    }
    for (size_t i = 0; i < wanted; ++i) Assign(target.parts[i], std::move(items[i]));
  }
}

namespace {

void CheckMacroArguments(const MacroDefinition& macro, const Arguments& arguments) {
  if (arguments.positional.size() > macro.parameters.size()) {
    Fault::Throw("macro '{}' takes not more than {} argument(s)", macro.name,
                 macro.parameters.size());
  }
  for (const auto& [name, value] : arguments.named) {
    const auto is_it = [&name = name](const Parameter& p) { return p.name == name; };
    if (std::none_of(macro.parameters.begin(), macro.parameters.end(), is_it)) {
      Fault::Throw("macro '{}' takes no keyword argument '{}'", macro.name, name);
    }
  }
}

}  // namespace

Value Interpreter::CallMacro(const MacroDefinition& macro, const Scope* home,
                             const Arguments& arguments) {
  const size_t macros_before = macros_;
  Scope* const caller = std::exchange(scope_, Push(home));
  CheckMacroArguments(macro, arguments);
  ArgumentReader reader(macro.name, arguments);
  for (const Parameter& parameter : macro.parameters) {
    if (const Value* given = reader.NextIfGiven(parameter.name)) {
      scope_->Set(parameter.name, *given);
    } else if (parameter.otherwise) {
      scope_->Set(parameter.name, Evaluate(*parameter.otherwise));
    } else {
      scope_->Set(parameter.name,
                  Value::Missing(fmt::format("parameter '{}' was not provided", parameter.name)));
    }
  }
  Value text = Value::Text(Capture(macro.body));
  Pop(macros_before);
  scope_ = caller;
  return text;
}

}  // namespace retort::jinja

// Values with an identity: namespaces, loops, macros, functions and methods. They belong to the
// Runtime of one rendering.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/jinja/value.h"

namespace retort::jinja {

class Runtime;

// What stands between the parentheses of a call.
struct Arguments {
  std::vector<Value> positional;
  std::vector<std::pair<std::string, Value>> named;
};

// Reads the arguments of a built-in in the order of its parameters, by position or by name.
//
//   ArgumentReader reader("split", arguments);
//   Value separator = reader.Next("sep", Value::Nothing());
//   reader.Finish();   // Fault if anything is left
class ArgumentReader {
 public:
  ArgumentReader(std::string_view function, const Arguments& arguments)
      : function_(function), arguments_(arguments), named_used_(arguments.named.size()) {}

  const Value* NextIfGiven(std::string_view parameter);
  Value Next(std::string_view parameter, Value otherwise);
  Value Next(std::string_view parameter);  // Fault if it is missing
  std::string NextText(std::string_view parameter);
  void Finish() const;

 private:
  std::string_view function_;
  const Arguments& arguments_;
  size_t position_ = 0;
  std::vector<bool> named_used_;
};

class Object {
 public:
  virtual ~Object() = default;
  virtual std::string type_name() const = 0;
  virtual std::optional<Value> Attribute(std::string_view) const { return std::nullopt; }
  virtual bool callable() const { return false; }
  virtual Value Call(Runtime&, const Arguments&);
};

// {% set ns = namespace(a=1) %}{% set ns.a = 2 %}: the one thing that assignments in a loop change
// for what follows the loop.
class Namespace : public Object {
 public:
  std::string type_name() const override { return "Namespace"; }
  std::optional<Value> Attribute(std::string_view name) const override;
  void Set(const std::string& name, Value value) { attributes_[name] = std::move(value); }

 private:
  std::map<std::string, Value, std::less<>> attributes_;
};

// A function of ours: range, namespace, …
class Builtin : public Object {
 public:
  using Function = Value (*)(Runtime&, const Arguments&);
  explicit Builtin(Function function) : function_(function) {}
  std::string type_name() const override { return "function"; }
  bool callable() const override { return true; }
  Value Call(Runtime& runtime, const Arguments& arguments) override {
    return function_(runtime, arguments);
  }

 private:
  Function function_;
};

// A method of a string, list or dictionary, bound to it.
class BoundMethod : public Object {
 public:
  using Function = Value (*)(Runtime&, const Value& self, const Arguments&);
  BoundMethod(Value self, Function function) : self_(std::move(self)), function_(function) {}
  std::string type_name() const override { return "method"; }
  bool callable() const override { return true; }
  Value Call(Runtime& runtime, const Arguments& arguments) override;

 private:
  Value self_;
  Function function_;
};

}  // namespace retort::jinja

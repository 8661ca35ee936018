// The values that a template computes with, and what Python says of them: truth, equality, order,
// text. Strings, lists and dictionaries are immutable and shared; objects (namespaces, macros,
// loops, functions) belong to the Runtime, so that values never own each other in a circle.
//
//   Value list = MakeList({Value::Int(1), Value::Text("a")});
//   IsTrue(list);  Equal(a, b);  ToText(list);   // "[1, 'a']"
//
// Errors: Fault, with Python's message. Not thread-safe beyond sharing constants.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"

namespace retort::jinja {

// What goes wrong while a template runs; becomes an Error with the template's name and line.
class Fault {
 public:
  Fault(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}
  ErrorCode code() const { return code_; }
  const std::string& message() const { return message_; }

  template <typename... Args>
  [[noreturn]] static void Throw(fmt::format_string<Args...> format, Args&&... args) {
    throw Fault(ErrorCode::kInvalidArgument, fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  [[noreturn]] static void ThrowUnsupported(fmt::format_string<Args...> format, Args&&... args) {
    throw Fault(ErrorCode::kUnsupported, fmt::format(format, std::forward<Args>(args)...));
  }

 private:
  ErrorCode code_;
  std::string message_;
};

class Object;
struct List;
struct Dict;

struct Undefined {
  std::shared_ptr<const std::string> why;  // "'x' is undefined"
};
struct None {};

struct Value {
  std::variant<Undefined, None, bool, int64_t, double, std::shared_ptr<const std::string>,
               std::shared_ptr<const List>, std::shared_ptr<const Dict>, Object*>
      data;

  static Value Missing(std::string why);
  static Value Nothing() { return {None{}}; }
  static Value Bool(bool b) { return {b}; }
  static Value Int(int64_t i) { return {i}; }
  static Value Float(double d) { return {d}; }
  static Value Text(std::string s) { return {std::make_shared<const std::string>(std::move(s))}; }
  static Value Of(Object* object) { return {object}; }

  bool IsUndefined() const { return std::holds_alternative<Undefined>(data); }
  bool IsNone() const { return std::holds_alternative<None>(data); }
  // Each is nullptr if the value is something else.
  const bool* AsBool() const { return std::get_if<bool>(&data); }
  const double* AsFloat() const { return std::get_if<double>(&data); }
  const std::string* AsText() const;
  const List* AsList() const;
  const Dict* AsDict() const;
  Object* AsObject() const;
  // Integers and, as in Python, booleans.
  bool ToInt(int64_t* out) const;
  // Any number.
  bool ToDouble(double* out) const;
};

struct List {
  std::vector<Value> items;
  bool is_tuple;
  int depth;         // 1 + the deepest item's
  size_t tree_size;  // see TreeSize
};

struct Dict {
  std::vector<std::pair<Value, Value>> items;  // in order of insertion
  int depth;
  size_t tree_size;
  const Value* Find(const Value& key) const;
};

// How deep lists and dictionaries may nest: text, order and destruction recurse.
inline constexpr int kMaxValueDepth = 100;

// Fault if they would nest deeper.
Value MakeList(std::vector<Value> items, bool is_tuple = false);
// Later entries replace earlier ones of the same key, in the earlier one's place.
Value MakeDict(std::vector<std::pair<Value, Value>> items);

// How much a walk over all of a value meets: values, and text by the 64 bytes. What occurs in
// several places counts in each, so that a list which holds the same list twice, and that one
// another twice, is known to be too large before anyone walks over it.
size_t TreeSize(const Value& value);

// An operation on an undefined value fails with the reason why it is undefined.
void ThrowIfUndefined(const Value& value);

// "str", "int", "NoneType", …
std::string TypeName(const Value& value);

bool IsTrue(const Value& value);
bool Equal(const Value& a, const Value& b);
// a < b; Fault if Python has no order between them. `symbol` is for its message.
bool Less(const Value& a, const Value& b, const char* symbol = "<");

// Python's str() and repr().
std::string ToText(const Value& value);
std::string ToRepr(const Value& value);

}  // namespace retort::jinja

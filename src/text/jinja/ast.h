// The syntax tree of a template. Built once by the parser, then read only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "text/jinja/value.h"

namespace retort::jinja {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;
struct Statement;
using Block = std::vector<Statement>;

struct CallArguments {
  std::vector<ExpressionPtr> positional;
  std::vector<std::pair<std::string, ExpressionPtr>> named;
};

struct Literal {
  Value value;
};
struct Name {
  std::string name;
};
struct ListLiteral {
  std::vector<ExpressionPtr> items;
  bool is_tuple;
};
struct DictLiteral {
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> items;
};
struct Not {
  ExpressionPtr operand;
};
struct Sign {
  ExpressionPtr operand;
  bool negative;
};
enum class BinaryOp : uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kPower
};
struct Binary {
  BinaryOp op;
  ExpressionPtr left, right;
};
struct Logical {
  bool is_and;
  ExpressionPtr left, right;
};
enum class CompareOp : uint8_t {
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,
  kNotIn
};
struct Comparison {
  ExpressionPtr first;
  std::vector<std::pair<CompareOp, ExpressionPtr>> rest;
};
struct Concatenation {
  std::vector<ExpressionPtr> parts;
};  // a ~ b
struct Conditional {
  ExpressionPtr then, test, otherwise;
};  // otherwise may be null
struct AttributeAccess {
  ExpressionPtr object;
  std::string name;
};
struct Subscript {
  ExpressionPtr object, index;
};
struct Slicing {
  ExpressionPtr object, start, stop, step;
};  // each bound may be null
struct Call {
  ExpressionPtr callee;
  CallArguments arguments;
};
struct FilterCall {
  ExpressionPtr operand;
  std::string name;
  CallArguments arguments;
};
struct TestCall {
  ExpressionPtr operand;
  std::string name;
  CallArguments arguments;
};

using ExpressionNode =
    std::variant<Literal, Name, ListLiteral, DictLiteral, Not, Sign, Binary, Logical, Comparison,
                 Concatenation, Conditional, AttributeAccess, Subscript, Slicing, Call, FilterCall,
                 TestCall>;

struct Expression {
  int line;
  int depth;  // of the tree below
  ExpressionNode node;
};

// Where a value goes: a name, `namespace.attribute`, or several targets that share a sequence.
struct Target {
  std::string name;
  std::string attribute;      // empty if the target is the name itself
  std::vector<Target> parts;  // not empty: unpack
};

struct Text {
  std::string text;
};
struct Print {
  ExpressionPtr value;
};
struct Branch {
  ExpressionPtr test;
  Block body;
};  // no test: else
struct If {
  std::vector<Branch> branches;
};
struct For {
  Target target;
  ExpressionPtr items, condition;
  Block body, otherwise;
};
struct Set {
  Target target;
  ExpressionPtr value;
};
struct SetBlock {
  Target target;
  Block body;
};
struct Parameter {
  std::string name;
  ExpressionPtr otherwise;
};  // no default: null
struct MacroDefinition {
  std::string name;
  std::vector<Parameter> parameters;
  Block body;
};
struct Generation {
  Block body;
};  // {% generation %}: marks what the model writes
struct Break {};
struct Continue {};

struct Statement {
  int line;
  std::variant<Text, Print, If, For, Set, SetBlock, MacroDefinition, Generation, Break, Continue>
      node;
};

}  // namespace retort::jinja

// How deep the tree below a node is: rendering recurses, so the parser has to bound it.
#pragma once

#include <algorithm>

#include "text/jinja/ast.h"

namespace retort::jinja {

inline int DepthOf(const ExpressionPtr& expression) { return expression ? expression->depth : 0; }

inline int DepthOf(const CallArguments& arguments) {
  int depth = 0;
  for (const auto& value : arguments.positional) depth = std::max(depth, DepthOf(value));
  for (const auto& [name, value] : arguments.named) depth = std::max(depth, DepthOf(value));
  return depth;
}

template <typename... Ptrs>
int Deepest(const Ptrs&... pointers) {
  return std::max({0, DepthOf(pointers)...});
}

inline int DepthBelow(const Literal&) { return 0; }
inline int DepthBelow(const Name&) { return 0; }
inline int DepthBelow(const ListLiteral& n) {
  int depth = 0;
  for (const auto& item : n.items) depth = std::max(depth, DepthOf(item));
  return depth;
}
inline int DepthBelow(const DictLiteral& n) {
  int depth = 0;
  for (const auto& [key, value] : n.items) depth = std::max(depth, Deepest(key, value));
  return depth;
}
inline int DepthBelow(const Not& n) { return DepthOf(n.operand); }
inline int DepthBelow(const Sign& n) { return DepthOf(n.operand); }
inline int DepthBelow(const Binary& n) { return Deepest(n.left, n.right); }
inline int DepthBelow(const Logical& n) { return Deepest(n.left, n.right); }
inline int DepthBelow(const Comparison& n) {
  int depth = DepthOf(n.first);
  for (const auto& [op, operand] : n.rest) depth = std::max(depth, DepthOf(operand));
  return depth;
}
inline int DepthBelow(const Concatenation& n) {
  int depth = 0;
  for (const auto& part : n.parts) depth = std::max(depth, DepthOf(part));
  return depth;
}
inline int DepthBelow(const Conditional& n) { return Deepest(n.then, n.test, n.otherwise); }
inline int DepthBelow(const AttributeAccess& n) { return DepthOf(n.object); }
inline int DepthBelow(const Subscript& n) { return Deepest(n.object, n.index); }
inline int DepthBelow(const Slicing& n) { return Deepest(n.object, n.start, n.stop, n.step); }
inline int DepthBelow(const Call& n) { return std::max(DepthOf(n.callee), DepthOf(n.arguments)); }
inline int DepthBelow(const FilterCall& n) {
  return std::max(DepthOf(n.operand), DepthOf(n.arguments));
}
inline int DepthBelow(const TestCall& n) {
  return std::max(DepthOf(n.operand), DepthOf(n.arguments));
}

}  // namespace retort::jinja

// What operators, subscripts and slices do, as Python and Jinja define it.
//
// Errors: Fault with Python's message. Thread-safe as far as the Runtime is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/jinja/ast.h"
#include "text/jinja/runtime.h"
#include "text/jinja/value.h"

namespace retort::jinja {

Value Calculate(Runtime& runtime, BinaryOp op, const Value& left, const Value& right);
Value Negate(const Value& operand, bool negative);
bool Compare(Runtime& runtime, CompareOp op, const Value& left, const Value& right);

// object.name: a method or attribute first, then an item. Undefined if there is none.
Value GetAttribute(Runtime& runtime, const Value& object, const std::string& name);
// object[index]: an item first, then an attribute. Undefined if there is none.
Value GetItem(Runtime& runtime, const Value& object, const Value& index);
// object[start:stop:step]; an absent bound is None.
Value GetSlice(Runtime& runtime, const Value& object, const Value& start, const Value& stop,
               const Value& step);

// What a loop runs over: items, keys or characters.
std::vector<Value> Iterate(Runtime& runtime, const Value& value);
bool IsIterable(const Value& value);
// len()
int64_t Length(const Value& value);

// str.replace(): at most `limit` times, always if it is negative.
Value ReplaceText(Runtime& runtime, std::string_view text, std::string_view from,
                  std::string_view to, int64_t limit);

}  // namespace retort::jinja

// The filters, tests, methods and functions of the subset: one table each, which is the place to
// add one. What is not in a table is refused when the template is parsed.
#pragma once

#include <string_view>

#include "text/jinja/object.h"
#include "text/jinja/runtime.h"
#include "text/jinja/value.h"

namespace retort::jinja {

using Filter = Value (*)(Runtime&, const Value& operand, const Arguments&);
using Test = bool (*)(Runtime&, const Value& operand, const Arguments&);

// nullptr if there is none of that name.
Filter FindFilter(std::string_view name);
Test FindTest(std::string_view name);
// A method of a string, list or dictionary; nullptr for values without it.
BoundMethod::Function FindMethod(const Value& self, std::string_view name);
Builtin::Function FindFunction(std::string_view name);

// Whether any kind of value has a method of that name.
bool IsKnownMethod(std::string_view name);
// Names that Jinja gives a meaning that is outside the subset.
bool IsUnsupportedName(std::string_view name);

}  // namespace retort::jinja

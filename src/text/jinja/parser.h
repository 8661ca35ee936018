// Turns tokens into a syntax tree. Whatever lies outside the subset is refused here, before
// anything is rendered.
//
//   Block program = Parse(source, "model.gguf");
//
// Errors: kCorrupt (not Jinja), kUnsupported (Jinja outside the subset), each naming template, line
// and construct. Stateless, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "text/jinja/ast.h"

namespace retort::jinja {

Block Parse(std::string_view source, const std::string& name);

}  // namespace retort::jinja

// The escapes of string literals in templates, which are Python's.
#pragma once

#include <string>
#include <string_view>

namespace retort::jinja {

// `body` is what stands between the quotes. False if an escape is broken or makes no character.
// Unknown escapes stay as they are.
bool DecodeStringLiteral(std::string_view body, std::string* value);

}  // namespace retort::jinja

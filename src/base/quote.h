// Text from files and requests, made fit for a one-line message: in quotes, control bytes and
// broken UTF-8 escaped, cut when long. Nothing that a file says may steer a terminal.
//
//   Quoted("general.name")   'general.name'
//   Quoted("a\x1b[2J")       'a\x1b[2J', the escape byte spelt out
//
// Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace retort {

std::string Quoted(std::string_view text, size_t max_bytes = 80);

// The same escapes without quotes and without a limit, for tables.
std::string Printable(std::string_view text);

}  // namespace retort

// Python's notions of text that templates rely on: white space, repr, code points.
//
//   PythonRepr(0.1)             // "0.1"
//   PythonRepr("it's")          // "\"it's\""
//   StripLeft("  a ", nullptr)  // "a "
//
// Strings are UTF-8; what is not valid counts as one code point per byte. Stateless, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::jinja {

// str.isspace() of one code point.
bool IsPythonSpace(uint32_t code_point);

std::string PythonRepr(double number);
std::string PythonRepr(std::string_view text);

// Without white space, or without the characters of `characters`, at one end.
std::string_view StripLeft(std::string_view text, const std::string* characters);
std::string_view StripRight(std::string_view text, const std::string* characters);

// One element per code point.
std::vector<std::string_view> CodePoints(std::string_view text);
int64_t CodePointCount(std::string_view text);

// Case mapping, character by character: for the rare ones that map to several, only ß is right.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
// The first letter upper case, the rest lower.
std::string Capitalized(std::string_view text);
// The same for each word: a run of letters as in str.title(), or what stands between spaces,
// hyphens and opening brackets as in Jinja's title filter.
std::string TitleCased(std::string_view text);
std::string CapitalizedWords(std::string_view text);

}  // namespace retort::jinja

#include "text/jinja/string_literal.h"

#include <charconv>
#include <cstdint>

#include "base/utf8.h"

namespace retort::jinja {
namespace {

// What a one-letter escape stands for; '\0' if it is none.
char Simple(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case '\\':
    case '\'':
    case '"':
      return c;
    default:
      return '\0';
  }
}

// Appends the character that `digits` name.
bool AppendNumber(std::string_view digits, int base, std::string* value) {
  uint32_t code_point = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code_point, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return false;
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) return false;
  AppendUtf8(code_point, value);
  return true;
}

// Digits of an escape that begins at `body`: \x41, \u00e9, \U0001f600, \101.
bool AppendNumericEscape(std::string_view* body, std::string* value) {
  const char kind = (*body)[0];
  size_t skip = 1, count = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
  int base = 16;
  if (kind >= '0' && kind <= '7') {
    skip = 0;
    base = 8;
    count = 1;
    while (count < 3 && count < body->size() && (*body)[count] >= '0' && (*body)[count] <= '7') {
      ++count;
    }
  }
  if (body->size() < skip + count) return false;
  if (!AppendNumber(body->substr(skip, count), base, value)) return false;
  body->remove_prefix(skip + count);
  return true;
}

}  // namespace

bool DecodeStringLiteral(std::string_view body, std::string* value) {
  value->clear();
  while (!body.empty()) {
    const char c = body[0];
    body.remove_prefix(1);
    if (c != '\\' || body.empty()) {
      *value += c;
      continue;
    }
    const char escape = body[0];
    if (escape == '\n') {
      body.remove_prefix(1);  // a line that goes on
    } else if (const char simple = Simple(escape)) {
      *value += simple;
      body.remove_prefix(1);
    } else if (escape == 'x' || escape == 'u' || escape == 'U' ||
               (escape >= '0' && escape <= '7')) {
      if (!AppendNumericEscape(&body, value)) return false;
    } else if (escape == 'N') {
      return false;  // names of characters
    } else {
      *value += c;
    }
  }
  return true;
}

}  // namespace retort::jinja

#include "text/jinja/python_text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <charconv>
#include <cmath>
#include <functional>

#include "base/utf8.h"

namespace retort::jinja {
namespace {

Utf8Char Next(std::string_view text) {
  Utf8Char c = DecodeUtf8(text);
  if (c.status != Utf8Status::kValid) c.length = 1;
  return c;
}

// Whether str.isprintable() holds: no controls, surrogates, unassigned, private or odd spaces.
bool IsPrintable(uint32_t c) {
  if (c < 0x80) return c >= 0x20 && c < 0x7F;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS:
      return false;
    default:
      return true;
  }
}

bool IsCased(uint32_t c) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
      return true;
    default:
      return false;
  }
}

uint32_t Upper(uint32_t c) {
  return static_cast<uint32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c)));
}
uint32_t Lower(uint32_t c) {
  return static_cast<uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
}
uint32_t Title(uint32_t c) {
  return static_cast<uint32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(c)));
}

std::string MapCharacters(std::string_view text, const std::function<uint32_t(uint32_t)>& map) {
  std::string out;
  while (!text.empty()) {
    const Utf8Char c = Next(text);
    if (c.status == Utf8Status::kValid) {
      AppendUtf8(map(c.code_point), &out);
    } else {
      out += text[0];
    }
    text.remove_prefix(c.length);
  }
  return out;
}

}  // namespace

bool IsPythonSpace(uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// The shortest digits that read back as the same number; an exponent below 1e-4 and from 1e16.
std::string PythonRepr(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0 ? "inf" : "-inf";
  char buffer[400];
  const auto write = [&](std::chars_format format) {
    return std::string(buffer, std::to_chars(buffer, std::end(buffer), number, format).ptr);
  };
  const double size = std::abs(number);
  if (size != 0 && (size < 1e-4 || size >= 1e16)) return write(std::chars_format::scientific);
  std::string text = write(std::chars_format::fixed);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::string PythonRepr(std::string_view text) {
  const bool has_single = text.find('\'') != std::string_view::npos;
  const char quote = has_single && text.find('"') == std::string_view::npos ? '"' : '\'';
  std::string out(1, quote);
  while (!text.empty()) {
    const Utf8Char c = Next(text);
    const char ascii = text[0];
    if (ascii == quote || ascii == '\\') {
      out += '\\';
      out += ascii;
    } else if (ascii == '\n') {
      out += "\\n";
    } else if (ascii == '\r') {
      out += "\\r";
    } else if (ascii == '\t') {
      out += "\\t";
    } else if (c.status != Utf8Status::kValid) {
      out += fmt::format("\\x{:02x}", static_cast<uint8_t>(ascii));
    } else if (IsPrintable(c.code_point)) {
      out += text.substr(0, c.length);
    } else if (c.code_point < 0x100) {
      out += fmt::format("\\x{:02x}", c.code_point);
    } else if (c.code_point < 0x10000) {
      out += fmt::format("\\u{:04x}", c.code_point);
    } else {
      out += fmt::format("\\U{:08x}", c.code_point);
    }
    text.remove_prefix(c.length);
  }
  return out + quote;
}

std::vector<std::string_view> CodePoints(std::string_view text) {
  std::vector<std::string_view> points;
  while (!text.empty()) {
    const size_t length = Next(text).length;
    points.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return points;
}

int64_t CodePointCount(std::string_view text) {
  int64_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(Next(text).length);
  return count;
}

namespace {

bool Strips(std::string_view point, const std::string* characters) {
  if (!characters) return IsPythonSpace(Next(point).code_point);
  for (const std::string_view c : CodePoints(*characters)) {
    if (c == point) return true;
  }
  return false;
}

// The code point that ends `text`.
std::string_view LastPoint(std::string_view text) {
  for (size_t n = 1; n <= 4 && n <= text.size(); ++n) {
    const std::string_view tail = text.substr(text.size() - n);
    const Utf8Char c = DecodeUtf8(tail);
    if (c.status == Utf8Status::kValid && c.length == n) return tail;
  }
  return text.substr(text.size() - 1);
}

}  // namespace

std::string_view StripLeft(std::string_view text, const std::string* characters) {
  while (!text.empty()) {
    const size_t length = Next(text).length;
    if (!Strips(text.substr(0, length), characters)) break;
    text.remove_prefix(length);
  }
  return text;
}

std::string_view StripRight(std::string_view text, const std::string* characters) {
  while (!text.empty()) {
    const std::string_view last = LastPoint(text);
    if (!Strips(last, characters)) break;
    text.remove_suffix(last.size());
  }
  return text;
}

std::string ToUpper(std::string_view text) {
  std::string upper;
  // The one common letter whose upper case is two.
  constexpr std::string_view kSharpS = "ß";
  for (size_t at; (at = text.find(kSharpS)) != std::string_view::npos;) {
    upper += MapCharacters(text.substr(0, at), Upper) + "SS";
    text.remove_prefix(at + kSharpS.size());
  }
  return upper + MapCharacters(text, Upper);
}
std::string ToLower(std::string_view text) { return MapCharacters(text, Lower); }

std::string Capitalized(std::string_view text) {
  bool first = true;
  return MapCharacters(text, [&first](uint32_t c) {
    const uint32_t mapped = first ? Title(c) : Lower(c);
    first = false;
    return mapped;
  });
}

std::string CapitalizedWords(std::string_view text) {
  bool in_word = false;
  return MapCharacters(text, [&in_word](uint32_t c) {
    const uint32_t mapped = in_word ? Lower(c) : Upper(c);
    in_word = !IsPythonSpace(c) && c != '-' && c != '(' && c != '{' && c != '[' && c != '<';
    return mapped;
  });
}

std::string TitleCased(std::string_view text) {
  bool in_word = false;
  return MapCharacters(text, [&in_word](uint32_t c) {
    const uint32_t mapped = in_word ? Lower(c) : Title(c);
    in_word = IsCased(c);
    return mapped;
  });
}

}  // namespace retort::jinja

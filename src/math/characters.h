// The first step of reading an answer: Unicode's mathematical, full-width and typographic
// characters as ASCII or LaTeX, Chinese numerals and fractions as digits.
//
//   ToLatex("−１，０００￥")   // "-1,000"
//   ToLatex("四分之三")        // "\frac{3}{4}"
//
// Any bytes are accepted and what is not known stays. Linear in the text, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort {

std::string ToLatex(std::string_view text);

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// "二十五" as 25, "一百零三" as 103; the longest numeral at the start of the text, and its bytes.
struct ChineseNumeral {
  int64_t value = 0;
  size_t bytes = 0;
};
std::optional<ChineseNumeral> ReadChineseNumeral(std::string_view text);

}  // namespace retort

// Sets of Unicode characters as sorted ranges, and the UTF-8 bytes that spell them.
//
//   const CodePoints vowels = Normalized({{'o', 'o'}, {'a', 'a'}, {'e', 'e'}});
//   Complement(vowels);                 // every other character
//   Utf8Sequences({{0x41, 0x10FFFF}});  // [41-7F], [C2-DF][80-BF], [E0][A0-BF][80-BF], ...
//
// Surrogates (D800 to DFFF) are no characters: Normalized and Complement leave them out. Pure and
// thread-safe. Source: Unicode 15, table 3-7.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace retort {

struct CodePointRange {
  uint32_t low = 0, high = 0;  // both included
  bool operator==(const CodePointRange&) const = default;
};
using CodePoints = std::vector<CodePointRange>;

inline constexpr uint32_t kMaxCodePoint = 0x10FFFF;

// Sorted, disjoint, not adjacent, within Unicode.
CodePoints Normalized(CodePoints ranges);
CodePoints Complement(const CodePoints& normalized);
// What both have.
CodePoints Intersection(const CodePoints& a, const CodePoints& b);

struct ByteRange {
  uint8_t low = 0, high = 0;
};
// One way to spell some of the characters: a range for each byte.
using ByteRanges = std::vector<ByteRange>;  // 1 to 4

std::vector<ByteRanges> Utf8Sequences(const CodePoints& normalized);

// The characters of a text, which must be valid UTF-8.
std::vector<uint32_t> ToCodePoints(std::string_view text);

}  // namespace retort

// A number at the start of a text, as people write them: with thousands separators, a decimal point
// or comma, a power of ten.
//
//   ScanNumber("1,234.50 m", Commas::kThousands)   // "1234.50" of 8 bytes
//   ScanNumber("12{,}345", Commas::kSeparate)      // "12345" of 8 bytes
//   ScanNumber("1,5", Commas::kDecimal)            // "1.5" of 3 bytes
//
// The text must start with a digit, or a point and a digit. Linear in what is read. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "math/lexer.h"

namespace retort {

struct ScannedNumber {
  std::string digits;  // "1234.50", "1.5e-3"
  size_t bytes = 0;    // of the text
};

ScannedNumber ScanNumber(std::string_view text, Commas commas);

}  // namespace retort

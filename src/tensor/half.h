// The 16-bit floats of weight files and caches, as bits in a uint16_t: F16 (IEEE 754 binary16) and
// BF16 (the upper half of a binary32).
//
//   float scale = F16ToF32(block.d);
//   uint16_t bits = F32ToBF16(0.1f);
//
// To 32 bits is exact. To 16 bits rounds to nearest, ties to even; values beyond the range become
// infinite, a NaN stays a (quiet) NaN. Portable scalar code: the meaning that vector code is tested
// against. Pure and thread-safe.
#pragma once

#include <bit>
#include <cstdint>

namespace retort {

inline float BF16ToF32(uint16_t bits) {
  return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16);
}

inline uint16_t F32ToBF16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  // A NaN may keep all its payload in the lower half: set the quiet bit instead of rounding.
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<uint16_t>((bits >> 16) | 0x40u);
  return static_cast<uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

inline float F16ToF32(uint16_t bits) {
  const uint32_t sign = (bits & 0x8000u) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1Fu;
  const uint32_t mantissa = bits & 0x3FFu;
  if (exponent == 0) {  // zero or subnormal: mantissa * 2^-24, exact in binary32
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(magnitude) | sign);
  }
  if (exponent == 0x1F) return std::bit_cast<float>(sign | 0x7F800000u | (mantissa << 13));
  return std::bit_cast<float>(sign | ((exponent + 127 - 15) << 23) | (mantissa << 13));
}

inline uint16_t F32ToF16(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const uint32_t sign = (bits >> 16) & 0x8000u;
  const uint32_t magnitude = bits & 0x7FFFFFFFu;
  if (magnitude > 0x7F800000u) {
    return static_cast<uint16_t>(sign | 0x7E00u | ((magnitude >> 13) & 0x3FFu));
  }
  if (magnitude >= 0x47800000u) return static_cast<uint16_t>(sign | 0x7C00u);  // >= 2^16
  if (magnitude >= 0x38800000u) {  // >= 2^-14: normal; a carry may reach the exponent, up to inf
    const uint32_t rebased = magnitude - ((127u - 15u) << 23);
    return static_cast<uint16_t>(sign | ((rebased + 0xFFFu + ((rebased >> 13) & 1u)) >> 13));
  }
  // Subnormal. In [0.5, 1) the last bit of a binary32 is 2^-24, the last bit of a subnormal
  // binary16: adding 0.5 makes the hardware round to exactly that place.
  const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
  return static_cast<uint16_t>(sign | (std::bit_cast<uint32_t>(shifted) - 0x3F000000u));
}

}  // namespace retort

// The packed form of a quantised matrix: what the integer kernels read, in the order in which they
// read it.
//
// Sixteen outputs (rows of the matrix [N, K]) make a panel, and a panel is one straight stretch of
// memory, so that a thread that multiplies reads one sequential stream. Within a panel the depth K
// goes by groups of 32; a group's 512 codes lie so that four neighbouring depths of all sixteen
// outputs are one vector of 64 bytes, which is what `maddubs` and `dpbusd` multiply by the same
// four numbers of x:
//
//   vector j of a group:  | n0: k 4j 4j+1 4j+2 4j+3 | n1: the same | ... | n15 |      j = 0 .. 7
//
//   a panel:  super-block 0: [head][group 0: scales, codes] ... [group 7]   super-block 1 ...
//   a head:   scale of each output, F16 x 16; with minima another F16 x 16, negated
//   scales:   per output one byte, or two where a format scales every 16 elements; see PanelFormat
//   codes:    planes of bits; a code is put together from what the planes hold at its place
//     4 bits  4 vectors: vector j in the low nibbles, vector j + 4 in the high ones     256 bytes
//     2 bits  2 vectors: vector 4i + j at bit 2j of vector i                            128 bytes
//     1 bit   1 vector:  vector j at bit j                                               64 bytes
//     8 bits  8 vectors                                                                 512 bytes
//
// A weight is scale * (code - center) + offset. Formats with blocks of 32 have super-blocks of one
// group and no scales of their own behind the head. The last panel of a matrix is filled up with
// zeros. Memory: at most 1.04 times that of the source (Q3_K; Q4_K 1.03), plus up to 15 rows.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tensor/dtype.h"

namespace retort::cpu {

inline constexpr int64_t kPanelRows = 16;    // outputs of a panel
inline constexpr int64_t kGroup = 32;        // depths of a group
inline constexpr int64_t kGroupVectors = 8;  // vectors of codes in a group
inline constexpr int64_t kVectorBytes = 64;

struct PanelFormat {
  int low_bits = 0;      // of the first plane of codes: 2, 4 or 8; 0 if the type has no packed form
  int high_bits = 0;     // of the second plane: 0, 1 or 2
  int groups = 1;        // groups of a super-block
  bool offsets = false;  // the head holds minima, too
  int scale_bytes = 0;   // of the scales of a group: 0, 16 or 32

  constexpr bool exists() const { return low_bits > 0; }
  constexpr int64_t head_bytes() const { return offsets ? 64 : 32; }
  constexpr int64_t code_bytes() const { return kVectorBytes * (low_bits + high_bits); }
  constexpr int64_t group_bytes() const { return scale_bytes + code_bytes(); }
  constexpr int64_t super_block_bytes() const { return head_bytes() + groups * group_bytes(); }
  // Of a panel of K = cols.
  constexpr int64_t panel_bytes(int64_t cols) const {
    return cols / (groups * kGroup) * super_block_bytes();
  }
};

constexpr PanelFormat PanelFormatOf(DType dtype) {
  switch (dtype) {
    case DType::kQ8_0:
      return {.low_bits = 8};
    case DType::kQ4_0:
    case DType::kIQ4_NL:
      return {.low_bits = 4};
    case DType::kQ4_1:
      return {.low_bits = 4, .offsets = true};
    case DType::kQ5_0:
      return {.low_bits = 4, .high_bits = 1};
    case DType::kQ5_1:
      return {.low_bits = 4, .high_bits = 1, .offsets = true};
    // A byte for each half of a group: scale in the low nibble, minimum in the high one.
    case DType::kQ2_K:
      return {.low_bits = 2, .groups = 8, .offsets = true, .scale_bytes = 32};
    // A signed byte for each half of a group.
    case DType::kQ3_K:
      return {.low_bits = 2, .high_bits = 1, .groups = 8, .scale_bytes = 32};
    case DType::kQ6_K:
      return {.low_bits = 4, .high_bits = 2, .groups = 8, .scale_bytes = 32};
    // A byte for the scale and one for the minimum.
    case DType::kQ4_K:
      return {.low_bits = 4, .groups = 8, .offsets = true, .scale_bytes = 32};
    case DType::kQ5_K:
      return {.low_bits = 4, .high_bits = 1, .groups = 8, .offsets = true, .scale_bytes = 32};
    // A signed byte.
    case DType::kIQ4_XS:
      return {.low_bits = 4, .groups = 8, .scale_bytes = 16};
    default:
      return {};
  }
}

// Writes panel p of the matrix [rows, cols] at `source` to `panel`, panel_bytes(cols) bytes.
// The type has a packed form. Thread-safe.
void PackPanel(DType dtype, const std::byte* source, int64_t rows, int64_t cols, int64_t p,
               std::byte* panel);

}  // namespace retort::cpu

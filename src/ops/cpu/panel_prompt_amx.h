// Matrix products of prompt rows in AMX tiles with packed weights (panels.h). Included by
// level_amx.cpp only.
//
// The sixteen outputs of a panel are the lanes of a vector, and so the columns of a tile: weights
// are B, x is A, row by row (PackRows), and C is [rows, outputs].
//
// A weight is scale * code + offset, rounded once, then to bfloat16. Panels are unpacked by
// kPromptOutputs x kPromptDepth; two by two tiles of C then read weights from the second-level
// cache and their rows of x from the first.
#pragma once

#include "ops/cpu/amx_tiles.h"
#include "ops/cpu/ivec_vnni.h"
#include "ops/cpu/panel_reader_inl.h"

namespace retort::cpu::amx {

// Up to sixteen rows of x [K], K a multiple of 32, to tiles A [K/32][16 rows][32]; rows that are
// not there become zero.
inline __attribute__((noinline)) void PackRows(const float* const* x, int64_t rows, int64_t cols,
                                               uint16_t* out) {
  for (int64_t k = 0; k < cols; k += kTileDepth) {
    for (int64_t t = 0; t < kTile; ++t, out += kTileDepth) {
      F both = V::Set(0);
      if (t < rows) {
        both = (F)_mm512_cvtne2ps_pbh(V::Load(x[t] + k + 16), V::Load(x[t] + k));
      }
      V::Store(reinterpret_cast<float*>(out), both);
    }
  }
}

template <DType kType>
class PanelPromptMatMul {
  using Reader = PanelReader<IntVnni, kType>;
  using I = IntVnni::I;
  // As constants: a call of PanelFormat's functions might be shared with other levels' code.
  static constexpr bool kOffsets = Reader::kFormat.offsets;
  static constexpr int64_t kGroups = Reader::kFormat.groups;
  static constexpr int64_t kHeadBytes = Reader::kFormat.head_bytes();
  static constexpr int64_t kGroupBytes = Reader::kFormat.group_bytes();
  static constexpr int64_t kSuperBlockBytes = Reader::kFormat.super_block_bytes();
  static constexpr float kCenter =
      Reader::kCenterLog2 == 0 ? 0 : static_cast<float>(1 << Reader::kCenterLog2);

 public:
  static void Run(const PromptPart& part) {
    ForEachPanel(part, [](const PromptPart& block, int64_t n) RETORT_LAMBDA { Panels(block, n); });
  }

 private:
  // All rows of the part against up to kPromptOutputs outputs from n0 on.
  static void Panels(const PromptPart& part, int64_t n0) {
    auto* weights = reinterpret_cast<uint16_t*>(part.scratch);
    float* sums = part.scratch + kPromptOutputs * kPromptDepth / 2;
    const int64_t output_tiles = TilesFor(Least(kPromptOutputs, part.end - n0));
    const int64_t row_tiles = TilesFor(part.rows);
    for (int64_t k0 = 0; k0 < part.cols; k0 += kPromptDepth) {
      const int64_t depth = Least(kPromptDepth, part.cols - k0);
      for (int64_t o = 0; o < output_tiles; ++o) {
        Unpack(part, n0 / kTile + o, k0, depth, weights + o * kTile * depth);
      }
      MemoryBarrier();
      for (int64_t t = 0; t < row_tiles; t += 2) {
        for (int64_t o = 0; o < output_tiles; o += 2) {
          Multiply({.a = part.x + t * kTile * part.cols + k0 * kTile,
                    .next_a = kTile * part.cols,
                    .b = weights + o * kTile * depth,
                    .next_b = kTile * depth,
                    .c = sums + (t * output_tiles + o) * kTile * kTile,
                    .beside_a = output_tiles * kTile * kTile,
                    .beside_b = kTile * kTile,
                    .depth_tiles = depth / kTileDepth,
                    .first = k0 == 0},
                   t + 1 < row_tiles, o + 1 < output_tiles);
        }
      }
      MemoryBarrier();
    }
    for (int64_t t = 0; t < part.rows; ++t) {
      const float* row = sums + t / kTile * output_tiles * kTile * kTile + t % kTile * kTile;
      for (int64_t o = 0; o < output_tiles; ++o) {
        FinishRow(part, t, n0 + o * kTile, V::Load(row + o * kTile * kTile));
      }
    }
  }

  static RETORT_INLINE void Multiply(const TileArgs& args, bool two_a, bool two_b) {
    if (two_a && two_b) return MultiplyTiles<2, 2>(args);
    if (two_a) return MultiplyTiles<2, 1>(args);
    if (two_b) return MultiplyTiles<1, 2>(args);
    MultiplyTiles<1, 1>(args);
  }

  // The depth from k0 of a panel to tiles B [depth/32][16 pairs][16 outputs][2].
  static void Unpack(const PromptPart& part, int64_t panel, int64_t k0, int64_t depth,
                     uint16_t* to) {
    constexpr int64_t kDepth = kGroups * kGroup;  // of a super-block
    const auto* at = reinterpret_cast<const uint8_t*>(part.weight) +
                     (panel * part.cols + k0) / kDepth * kSuperBlockBytes;
    for (int64_t k = 0; k < depth; k += kDepth) {
      const uint8_t* head = at;
      at += kHeadBytes;
      for (int64_t g = 0; g < kGroups; ++g, at += kGroupBytes, to += kTileElements) {
        UnpackGroup(head, at, to);
      }
    }
  }

  static RETORT_INLINE void UnpackGroup(const uint8_t* head, const uint8_t* group, uint16_t* to) {
    auto scales = Reader::ReadScales(head, group, 0);
    if constexpr (!kOffsets) {
      for (int i = 0; i < Reader::kScales; ++i) {
        scales.offset[i] = V::Mul(scales.scale[i], V::Set(-kCenter));  // exact
      }
    }
    Reader::Visit(group, 0, [&](auto j, auto, I codes) RETORT_LAMBDA {
      constexpr int kHalf = Reader::kScales == 1 ? 0 : j.value / 4;
      uint16_t* pairs = to + 4 * kTile * j.value;  // two rows of a tile
      StorePair(codes, scales.scale[kHalf], scales.offset[kHalf], pairs);
      StorePair(_mm512_srli_epi32(codes, 16), scales.scale[kHalf], scales.offset[kHalf],
                pairs + 2 * kTile);
    });
  }

  // Of the lower two codes of each output.
  static RETORT_INLINE void StorePair(I codes, F scale, F offset, uint16_t* to) {
    const I low_byte = _mm512_set1_epi32(255);
    const I even = _mm512_and_si512(codes, low_byte);
    const I odd = _mm512_and_si512(_mm512_srli_epi32(codes, 8), low_byte);
    const F w0 = V::Fma(IntVnni::ToFloat(even), scale, offset);
    const F w1 = V::Fma(IntVnni::ToFloat(odd), scale, offset);
    const I halves = (I)_mm512_cvtne2ps_pbh(w1, w0);
    // 0, 16, 1, 17, ..., 15, 31
    const I pairs = _mm512_or_si512(
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
        _mm512_slli_epi32(
            _mm512_setr_epi32(16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31), 16));
    IntVnni::Store(to, _mm512_permutexvar_epi16(pairs, halves));
  }
};

// The kernels of all types that have a packed form, in the order of DType.
template <size_t... kTypes>
constexpr std::array<PromptFunction, kNumDTypes> PanelPromptKernels(
    std::index_sequence<kTypes...>) {
  const auto kernel = [](auto type) -> PromptFunction {
    constexpr auto kType = static_cast<DType>(type.value);
    if constexpr (PanelFormatOf(kType).exists()) return &PanelPromptMatMul<kType>::Run;
    return nullptr;
  };
  return {kernel(std::integral_constant<size_t, kTypes>{})...};
}

}  // namespace retort::cpu::amx

// Matrix products of prompt rows in AMX tiles with weights of plain types, where they lie in the
// file. D is a decoder of decode_avx512_plain.h. Included by level_amx.cpp only.
//
// Weights come row by row, so they are A, and C is [outputs, rows]; x is B, in pairs, made once per
// product (PackPairs).
//
// Weights are rounded in panels of kPromptOutputs x kPromptDepth; two by two tiles of C then read
// the panel from the second-level cache and their rows of x from the first.
#pragma once

#include "ops/cpu/amx_tiles.h"

namespace retort::cpu::amx {

// Up to sixteen rows of x [K], K a multiple of 32, to tiles B [K/32][16 pairs][16 rows][2]; rows
// that are not there become zero.
inline __attribute__((noinline)) void PackPairs(const float* const* x, int64_t rows, int64_t cols,
                                                uint16_t* out) {
  for (int64_t k = 0; k < cols; k += kTileDepth, out += kTileElements) {
    F pairs[kTile];
    for (int64_t t = 0; t < kTile; ++t) {
      pairs[t] = V::Set(0);
      if (t < rows) {
        const auto both = _mm512_cvtne2ps_pbh(V::Load(x[t] + k + 16), V::Load(x[t] + k));
        pairs[t] = (F)both;
      }
    }
    V::Transpose(pairs);
    for (int64_t p = 0; p < kTile; ++p) {
      V::Store(reinterpret_cast<float*>(out) + p * kTile, pairs[p]);
    }
  }
}

template <class D>
struct PromptMatMul {
  static void Run(const PromptPart& part) {
    ForEachPanel(part, [](const PromptPart& block, int64_t n) RETORT_LAMBDA { Panel(block, n); });
  }

 private:
  // All rows of the part against up to kPromptOutputs outputs from n0 on.
  static void Panel(const PromptPart& part, int64_t n0) {
    auto* panel = reinterpret_cast<uint16_t*>(part.scratch);
    float* sums = part.scratch + kPromptOutputs * kPromptDepth / 2;
    const int64_t outputs = Least(kPromptOutputs, part.end - n0);
    const int64_t output_tiles = (TilesFor(outputs) + 1) / 2 * 2;
    const int64_t row_tiles = TilesFor(part.rows);
    for (int64_t k0 = 0; k0 < part.cols; k0 += kPromptDepth) {
      const int64_t depth = Least(kPromptDepth, part.cols - k0);
      DecodePanel(part, n0, output_tiles * kTile, k0, depth, panel);
      MemoryBarrier();
      for (int64_t t = 0; t < row_tiles; t += 2) {
        for (int64_t o = 0; o < output_tiles; o += 2) {
          const TileArgs args{
              .a = panel + o * kTile * depth,
              .next_a = kTile * depth,
              .b = part.x + t * kTile * part.cols + k0 * kTile,
              .next_b = kTile * part.cols,
              .c = sums + (t * output_tiles + o) * kTile * kTile,
              .beside_a = kTile * kTile,
              .beside_b = output_tiles * kTile * kTile,
              .depth_tiles = depth / kTileDepth,
              .first = k0 == 0,
          };
          if (t + 1 < row_tiles) {
            MultiplyTiles<2, 2>(args);
          } else {
            MultiplyTiles<2, 1>(args);
          }
        }
      }
      MemoryBarrier();
    }
    for (int64_t t = 0; t < row_tiles; ++t) {
      for (int64_t o = 0; o < TilesFor(outputs); ++o) {
        Finish(part, n0 + o * kTile, t * kTile, sums + (t * output_tiles + o) * kTile * kTile);
      }
    }
  }

  // Weights [outputs from n0, depth from k0] to tiles A [outputs/16][depth/32][16][32].
  static void DecodePanel(const PromptPart& part, int64_t n0, int64_t outputs, int64_t k0,
                          int64_t depth, uint16_t* panel) {
    for (int64_t n = 0; n < outputs; ++n) {
      const int64_t row = Least(n0 + n, part.end - 1);
      const std::byte* w =
          part.weight + static_cast<size_t>(row) * part.row_bytes + k0 / V::kLanes * D::kBytes;
      uint16_t* to = panel + n / kTile * kTile * depth + n % kTile * kTileDepth;
      for (int64_t k = 0; k < depth; k += V::kLanes, w += D::kBytes) {
        V::PrefetchL1(w + part.row_bytes);
        const auto rounded = (__m256i)_mm512_cvtneps_pbh(D::Load(w));
        _mm256_storeu_si256(
            reinterpret_cast<__m256i*>(to + k / kTileDepth * kTileElements + k % kTileDepth),
            rounded);
      }
    }
  }

  // One tile C [16 outputs from n, 16 rows from t] to the rows of out.
  static void Finish(const PromptPart& part, int64_t n, int64_t t, const float* c) {
    F sums[kTile];
    for (int64_t i = 0; i < kTile; ++i) sums[i] = V::Load(c + i * kTile);
    V::Transpose(sums);
    const int64_t rows = Least(kTile, part.rows - t);
    for (int64_t i = 0; i < kTile; ++i) {
      if (i < rows) FinishRow(part, t + i, n, sums[i]);
    }
  }
};

}  // namespace retort::cpu::amx

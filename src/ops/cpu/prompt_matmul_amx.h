// Matrix products of prompt rows with AMX tiles in bfloat16: sums stay in floats, activations and
// weights are rounded to eight bits of mantissa. D is a decoder of decode_avx512.h. Included by
// level_amx.cpp only.
//
// A tile product adds A [16, 32] times B [32, 16] to C [16, 16]. A is sixteen weight rows as they
// come from the decoder; B is sixteen rows of x in the pair layout that the instruction wants, made
// once per product (PackRows); so C is [outputs, rows] and is transposed at the end.
//
// Each result is the sum over k in order, whatever tile it stands in: bits depend on a row alone.
//
// Weights are decoded in panels of kPromptOutputs x kPromptDepth; two by two tiles of C then read
// the panel from the second-level cache and their rows of x from the first.
#pragma once

#include "ops/cpu/decode_avx512.h"
#include "ops/cpu/kernels.h"

namespace retort::cpu::amx {

using V = VecAvx512;
using F = V::F;

inline constexpr int64_t kTile = 16;               // rows of a tile
inline constexpr int64_t kTileDepth = 32;          // bfloat16 numbers in a row of a tile
inline constexpr int64_t kTileElements = 16 * 32;  // of A and B; C has 256 floats, as many bytes
inline constexpr int kRowBytes = 64;

// What ldtilecfg reads: eight tiles of 16 rows of 64 bytes.
struct TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};
static_assert(sizeof(TileConfig) == 64);

// By hand, because GCC 12's intrinsic claims to read eight bytes only.
RETORT_INLINE void LoadConfig(const TileConfig& config) {
  __asm__ volatile("ldtilecfg %0" : : "m"(config));
}

// GCC 12's tile intrinsics do not say that they read and write memory.
RETORT_INLINE void MemoryBarrier() { __asm__ volatile("" : : : "memory"); }

// Up to sixteen rows of x [K], K a multiple of 32, to tiles B [K/32][16 pairs][16 rows][2]; rows
// that are not there become zero.
inline __attribute__((noinline)) void PackRows(const float* const* x, int64_t rows, int64_t cols,
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

// Rounds of four products of registers with each other; for the measurement of the limits.
inline __attribute__((noinline)) int64_t MultiplyAdd(int64_t steps) {
  const TileConfig config;
  LoadConfig(config);
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  for (int64_t i = 0; i < steps; ++i) {
    _tile_dpbf16ps(0, 4, 5);
    _tile_dpbf16ps(1, 4, 5);
    _tile_dpbf16ps(2, 4, 5);
    _tile_dpbf16ps(3, 4, 5);
  }
  _tile_release();
  return steps * 4 * 2 * kTile * kTileElements;
}

template <class D>
struct PromptMatMul {
  static void Run(const PromptPart& part) {
    const TileConfig config;
    LoadConfig(config);
    for (int64_t t = 0; t < part.rows; t += kPromptRows) {
      PromptPart block = part;
      block.x += t * part.cols;
      block.out += t;
      block.rows = Least(kPromptRows, part.rows - t);
      for (int64_t n = part.begin; n < part.end; n += kPromptOutputs) Panel(block, n);
    }
    _tile_release();
  }

 private:
  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }
  static RETORT_INLINE int64_t TilesFor(int64_t n) { return (n + kTile - 1) / kTile; }

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
              .b = part.x + t * kTile * part.cols + k0 * kTile,
              .next_b = kTile * part.cols,
              .c = sums + (t * output_tiles + o) * kTile * kTile,
              .next_c = output_tiles * kTile * kTile,
              .depth_tiles = depth / kTileDepth,
              .first = k0 == 0,
          };
          if (t + 1 < row_tiles) {
            TwoByTwo(args);
          } else {
            TwoByOne(args);
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
          part.weight + static_cast<size_t>(row) * part.row_bytes + k0 / D::kElements * D::kBytes;
      uint16_t* to = panel + n / kTile * kTile * depth + n % kTile * kTileDepth;
      for (int64_t k = 0; k < depth; k += D::kElements, w += D::kBytes) {
        V::PrefetchL1(w + part.row_bytes);
        typename D::State state;
        D::Begin(w, state);
        Unroll<D::kParts>([&](auto p) RETORT_LAMBDA {
          D::template Visit<p.value>(w, state, [&](auto i, F weight) RETORT_LAMBDA {
            const int64_t at = k + 16 * i;
            const auto rounded = (__m256i)_mm512_cvtneps_pbh(weight);
            _mm256_storeu_si256(
                reinterpret_cast<__m256i*>(to + at / kTileDepth * kTileElements + at % kTileDepth),
                rounded);
          });
        });
      }
    }
  }

  struct TileArgs {
    const uint16_t* a;  // tiles [2][depth_tiles]
    const uint16_t* b;  // tiles [depth_tiles], the next rows next_b further
    int64_t next_b;
    float* c;  // tiles [2], for the next rows next_c further
    int64_t next_c;
    int64_t depth_tiles;
    bool first;  // C starts at zero
  };

  static __attribute__((noinline)) void TwoByTwo(const TileArgs& args) {
    float* c1 = args.c + args.next_c;
    if (args.first) {
      _tile_zero(0);
      _tile_zero(1);
      _tile_zero(2);
      _tile_zero(3);
    } else {
      _tile_loadd(0, args.c, kRowBytes);
      _tile_loadd(1, args.c + kTile * kTile, kRowBytes);
      _tile_loadd(2, c1, kRowBytes);
      _tile_loadd(3, c1 + kTile * kTile, kRowBytes);
    }
    const uint16_t* a0 = args.a;
    const uint16_t* a1 = a0 + args.depth_tiles * kTileElements;
    const uint16_t* b0 = args.b;
    const uint16_t* b1 = b0 + args.next_b;
    for (int64_t i = 0; i < args.depth_tiles; ++i) {
      _tile_loadd(4, a0 + i * kTileElements, kRowBytes);
      _tile_loadd(6, b0 + i * kTileElements, kRowBytes);
      _tile_loadd(5, a1 + i * kTileElements, kRowBytes);
      _tile_loadd(7, b1 + i * kTileElements, kRowBytes);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 5, 6);
      _tile_dpbf16ps(2, 4, 7);
      _tile_dpbf16ps(3, 5, 7);
    }
    _tile_stored(0, args.c, kRowBytes);
    _tile_stored(1, args.c + kTile * kTile, kRowBytes);
    _tile_stored(2, c1, kRowBytes);
    _tile_stored(3, c1 + kTile * kTile, kRowBytes);
  }

  // As TwoByTwo for the last sixteen rows.
  static __attribute__((noinline)) void TwoByOne(const TileArgs& args) {
    if (args.first) {
      _tile_zero(0);
      _tile_zero(1);
    } else {
      _tile_loadd(0, args.c, kRowBytes);
      _tile_loadd(1, args.c + kTile * kTile, kRowBytes);
    }
    const uint16_t* a1 = args.a + args.depth_tiles * kTileElements;
    for (int64_t i = 0; i < args.depth_tiles; ++i) {
      _tile_loadd(4, args.a + i * kTileElements, kRowBytes);
      _tile_loadd(6, args.b + i * kTileElements, kRowBytes);
      _tile_loadd(5, a1 + i * kTileElements, kRowBytes);
      _tile_dpbf16ps(0, 4, 6);
      _tile_dpbf16ps(1, 5, 6);
    }
    _tile_stored(0, args.c, kRowBytes);
    _tile_stored(1, args.c + kTile * kTile, kRowBytes);
  }

  // One tile C [16 outputs from n, 16 rows from t] to the rows of out.
  static void Finish(const PromptPart& part, int64_t n, int64_t t, const float* c) {
    F sums[kTile];
    for (int64_t i = 0; i < kTile; ++i) sums[i] = V::Load(c + i * kTile);
    V::Transpose(sums);
    const int64_t count = Least(kTile, part.end - n);
    const auto mask = static_cast<__mmask16>((1u << count) - 1);
    F bias = V::Set(0);
    if (part.bias != nullptr) bias = _mm512_maskz_loadu_ps(mask, part.bias + n);
    const int64_t rows = Least(kTile, part.rows - t);
    for (int64_t i = 0; i < kTile; ++i) {
      if (i >= rows) break;
      float* out = part.out[t + i] + n;
      F y = V::Add(sums[i], bias);
      if (part.accumulate) y = V::Add(_mm512_maskz_loadu_ps(mask, out), y);
      _mm512_mask_storeu_ps(out, mask, y);
    }
  }
};

}  // namespace retort::cpu::amx

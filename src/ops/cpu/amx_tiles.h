// What products in AMX tiles in bfloat16 have in common: sums stay in floats, activations and
// weights are rounded to eight bits of mantissa. Included by level_amx.cpp's kernels only.
//
// A tile product adds A [16, 32] times B [32, 16] to C [16, 16]. A lies row by row, B in pairs:
// what two neighbouring depths have of the sixteen columns is one row of 64 bytes. In a result all
// even and all odd depths of 32 are summed in order, then both are added to what C holds: so bits
// depend on the depth's order alone, and not on which of the two operands is A.
#pragma once

#include "ops/cpu/kernels.h"
#include "ops/cpu/vec_avx512.h"

namespace retort::cpu::amx {

using V = VecAvx512;
using F = V::F;

inline constexpr int64_t kTile = 16;               // rows of a tile
inline constexpr int64_t kTileDepth = 32;          // bfloat16 numbers in a row of a tile
inline constexpr int64_t kTileElements = 16 * 32;  // of A and B; C has 256 floats, as many bytes
inline constexpr int kRowBytes = 64;

RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }
RETORT_INLINE int64_t TilesFor(int64_t n) { return (n + kTile - 1) / kTile; }

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

// One or two tiles of A, each of them with one or two of B, over some depth.
struct TileArgs {
  const uint16_t* a;  // tiles [depth_tiles], those of the second next_a further
  int64_t next_a;
  const uint16_t* b;  // the same
  int64_t next_b;
  float*
      c;  // the tile of the first of both; beside_a and beside_b further those of the second A, B
  int64_t beside_a, beside_b;
  int64_t depth_tiles;
  bool first;  // C starts at zero
};

template <int kA, int kB>
inline __attribute__((noinline)) void MultiplyTiles(const TileArgs& args) {
  float* c1 = args.c + args.beside_a;
  float* c2 = args.c + args.beside_b;
  float* c3 = c2 + args.beside_a;
  if (args.first) {
    _tile_zero(0);
    if constexpr (kA == 2) _tile_zero(1);
    if constexpr (kB == 2) _tile_zero(2);
    if constexpr (kA == 2 && kB == 2) _tile_zero(3);
  } else {
    _tile_loadd(0, args.c, kRowBytes);
    if constexpr (kA == 2) _tile_loadd(1, c1, kRowBytes);
    if constexpr (kB == 2) _tile_loadd(2, c2, kRowBytes);
    if constexpr (kA == 2 && kB == 2) _tile_loadd(3, c3, kRowBytes);
  }
  const uint16_t* a0 = args.a;
  const uint16_t* a1 = a0 + args.next_a;
  const uint16_t* b0 = args.b;
  const uint16_t* b1 = b0 + args.next_b;
  for (int64_t i = 0; i < args.depth_tiles; ++i) {
    _tile_loadd(4, a0 + i * kTileElements, kRowBytes);
    _tile_loadd(6, b0 + i * kTileElements, kRowBytes);
    if constexpr (kA == 2) _tile_loadd(5, a1 + i * kTileElements, kRowBytes);
    if constexpr (kB == 2) _tile_loadd(7, b1 + i * kTileElements, kRowBytes);
    _tile_dpbf16ps(0, 4, 6);
    if constexpr (kA == 2) _tile_dpbf16ps(1, 5, 6);
    if constexpr (kB == 2) _tile_dpbf16ps(2, 4, 7);
    if constexpr (kA == 2 && kB == 2) _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, args.c, kRowBytes);
  if constexpr (kA == 2) _tile_stored(1, c1, kRowBytes);
  if constexpr (kB == 2) _tile_stored(2, c2, kRowBytes);
  if constexpr (kA == 2 && kB == 2) _tile_stored(3, c3, kRowBytes);
}

// Sixteen sums of row t, of outputs n and on, to where they belong.
RETORT_INLINE void FinishRow(const PromptPart& part, int64_t t, int64_t n, F sums) {
  const int64_t count = Least(kTile, part.end - n);
  const auto mask = static_cast<__mmask16>((1u << count) - 1);
  float* out = part.out[t] + n;
  F y = sums;
  if (part.bias != nullptr) y = V::Add(y, _mm512_maskz_loadu_ps(mask, part.bias + n));
  if (part.accumulate) y = V::Add(_mm512_maskz_loadu_ps(mask, out), y);
  _mm512_mask_storeu_ps(out, mask, y);
}

// run(block) for blocks of up to kPromptRows rows and all panels of outputs of each.
template <class Run>
RETORT_INLINE void ForEachPanel(const PromptPart& part, const Run& run) {
  const TileConfig config;
  LoadConfig(config);
  for (int64_t t = 0; t < part.rows; t += kPromptRows) {
    PromptPart block = part;
    block.x += t * part.cols;
    block.out += t;
    block.rows = Least(kPromptRows, part.rows - t);
    for (int64_t n = part.begin; n < part.end; n += kPromptOutputs) run(block, n);
  }
  _tile_release();
}

}  // namespace retort::cpu::amx

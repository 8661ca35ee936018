// What the matrix products of one level share whatever the weights' format: tiles of 4 weight rows
// by V::kTileRows rows of x, both floats, and the end of every product. V is the level's vector
// class. Included by matmul_inl.h only.
#pragma once

#include "ops/cpu/kernels.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V>
struct MatMulTiles {
  using F = typename V::F;
  static constexpr int kLanes = V::kLanes;

  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

  // Four neighbouring results of row t, as far as they belong to the part.
  static RETORT_INLINE void Finish(const MatMulPart& part, int64_t t, int64_t n, F a, F b, F c,
                                   F d) {
    float sum[4];
    V::Sum4(a, b, c, d, sum);
    const int64_t count = Least(4, part.end - n);
    float* out = part.out[t] + n;
    for (int64_t i = 0; i < count; ++i) {
      const float y = part.bias == nullptr ? sum[i] : sum[i] + part.bias[n + i];
      out[i] = part.accumulate ? out[i] + y : y;
    }
  }

  struct PanelArgs {
    const MatMulPart& part;
    int64_t n, outputs, k, depth;  // a multiple of 4 outputs from n on, `depth` products from k on
    const float* panel;            // [outputs, depth] their weights
    float* sums;                   // [T, outputs, lanes] accumulators between two depths
  };

  // All rows of the part against a panel of decoded weights.
  static __attribute__((noinline)) void Run(const PanelArgs& args) {
    const MatMulPart& part = args.part;
    // Rows as evenly as possible over tiles: 7 rows are 4 + 3, not 6 + 1.
    const int64_t tiles = (part.rows + V::kTileRows - 1) / V::kTileRows;
    for (int64_t tile = 0; tile < tiles; ++tile) {
      const int64_t t0 = part.rows * tile / tiles;
      const int64_t t1 = part.rows * (tile + 1) / tiles;
      for (int64_t n = 0; n < args.outputs; n += 4) {
        // Meanwhile one row of the next tile is brought nearer.
        const int64_t next = Least(t1 + n / 4, part.rows - 1);
        TileOf<V::kTileRows>({.part = part,
                              .n = args.n + n,
                              .t = t0,
                              .k = args.k,
                              .depth = args.depth,
                              .w = args.panel + n * args.depth,
                              .sums = args.sums + (t0 * kPanelOutputs + n * (t1 - t0)) * kLanes,
                              .fetch = part.x[next] + args.k},
                             static_cast<int>(t1 - t0));
      }
    }
  }

 private:
  struct TileArgs {
    const MatMulPart& part;
    int64_t n, t, k, depth;
    const float* w;  // [4, depth]
    float* sums;     // [A, 4, lanes] accumulators between two depths
    const float* fetch;
  };

  template <int A>
  static RETORT_INLINE void TileOf(const TileArgs& args, int rows) {
    if (rows == A) return Tile<A>(args);
    if constexpr (A > 1) TileOf<A - 1>(args, rows);
  }

  // 4 outputs by A rows over one depth of k.
  template <int A>
  static __attribute__((noinline)) void Tile(const TileArgs& args) {
    F acc[A][4];
    if (args.k == 0) {
      Unroll<A>([&](auto t) RETORT_LAMBDA {
        Unroll<4>([&](auto r) RETORT_LAMBDA { acc[t][r] = V::Set(0); });
      });
    } else {
      Unroll<A>([&](auto t) RETORT_LAMBDA {
        Unroll<4>([&](auto r)
                      RETORT_LAMBDA { acc[t][r] = V::Load(args.sums + (4 * t + r) * kLanes); });
      });
    }
    const float* x[A];
    Unroll<A>([&](auto t) RETORT_LAMBDA { x[t] = args.part.x[args.t + t] + args.k; });
    const float* w0 = args.w;
    const float* w1 = w0 + args.depth;
    const float* w2 = w1 + args.depth;
    const float* w3 = w2 + args.depth;
    for (int64_t k = 0; k < args.depth; k += kLanes) {
      const F b0 = V::Load(w0 + k), b1 = V::Load(w1 + k), b2 = V::Load(w2 + k),
              b3 = V::Load(w3 + k);
      V::PrefetchL2(args.fetch + k);
      Unroll<A>([&](auto t) RETORT_LAMBDA {
        const F a = V::Load(x[t] + k);
        acc[t][0] = V::Fma(b0, a, acc[t][0]);
        acc[t][1] = V::Fma(b1, a, acc[t][1]);
        acc[t][2] = V::Fma(b2, a, acc[t][2]);
        acc[t][3] = V::Fma(b3, a, acc[t][3]);
      });
    }
    if (args.k + args.depth < args.part.cols) {
      Unroll<A>([&](auto t) RETORT_LAMBDA {
        Unroll<4>([&](auto r)
                      RETORT_LAMBDA { V::Store(args.sums + (4 * t + r) * kLanes, acc[t][r]); });
      });
    } else {
      Unroll<A>([&](auto t) RETORT_LAMBDA {
        Finish(args.part, args.t + t, args.n, acc[t][0], acc[t][1], acc[t][2], acc[t][3]);
      });
    }
  }
};

}  // namespace retort::cpu

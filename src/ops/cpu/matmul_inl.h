// Matrix products for one level: V is its vector class, D its decoder of a weight format
// (decode_*.h). Included by level_*.cpp only.
//
// The arithmetic of one result is the same in every path, so results are bit-equal: the lanes of
// one vector accumulator take the products of k, k + lanes, k + 2 lanes, ... in order, and V::Sum4
// adds the lanes up. Four weight rows always go together; the last ones of a matrix are repeated.
//
//  - Few rows of x (decoding): weights are decoded in registers, each used for all rows at once.
//    Bound by reading the weights from memory.
//  - Many rows: a panel of weights is decoded once to floats in the cache; then tiles of 4 weight
//    rows by V::kTileRows rows of x. Bound by multiply-adds.
#pragma once

#include "ops/cpu/kernels.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V, class D>
struct MatMulKernel {
  using F = typename V::F;
  static constexpr int kLanes = V::kLanes;

  static void Run(const MatMulPart& part) {
    if (part.rows <= V::kFewRows) return FewRowsOf<V::kFewRows>(part);
    // Rows that end within a vector: only plain types, only tiny models.
    const bool ragged = part.cols % D::kElements != 0;
    const int64_t step = ragged ? 1 : kRowBlock;
    for (int64_t t = 0; t < part.rows; t += step) {
      MatMulPart block = part;
      block.x += t;
      block.out += t;
      block.rows = Least(step, part.rows - t);
      if (ragged) {
        FewRows<1>(block);
      } else {
        // A panel for a few rows stays in the first-level cache.
        const int64_t outputs = block.rows <= 24 ? 4 : kPanelOutputs;
        for (int64_t n = part.begin; n < part.end; n += outputs) Panel(block, n, outputs);
      }
    }
  }

 private:
  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

  template <int T>
  static RETORT_INLINE void FewRowsOf(const MatMulPart& part) {
    if (part.rows == T) return FewRows<T>(part);
    if constexpr (T > 1) FewRowsOf<T - 1>(part);
  }

  // body(i, w) for all vectors of one block of weights.
  template <class Body>
  static RETORT_INLINE void VisitBlock(const std::byte* block, const Body& body) {
    typename D::State state;
    D::Begin(block, state);
    Unroll<D::kParts>([&](auto part)
                          RETORT_LAMBDA { D::template Visit<part.value>(block, state, body); });
  }

  // Weight row n, or the last one of the part.
  static RETORT_INLINE const std::byte* WeightRow(const MatMulPart& part, int64_t n) {
    return part.weight + static_cast<size_t>(Least(n, part.end - 1)) * part.row_bytes;
  }

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

  template <int T>
  static void FewRows(const MatMulPart& part) {
    const int64_t blocks = part.cols / D::kElements;
    // Four rows are read side by side, which memory dislikes; so fetch ahead in one straight line.
    const size_t group_bytes = 4 * part.row_bytes;
    const size_t ahead = group_bytes > 4096 ? group_bytes : 4096;
    for (int64_t n = part.begin; n < part.end; n += 4) {
      const std::byte* w[4] = {WeightRow(part, n), WeightRow(part, n + 1), WeightRow(part, n + 2),
                               WeightRow(part, n + 3)};
      const std::byte* fetch = w[0] + ahead;
      F acc[4][T];
      Unroll<4>([&](auto r) RETORT_LAMBDA {
        Unroll<T>([&](auto t) RETORT_LAMBDA { acc[r][t] = V::Set(0); });
      });
      for (int64_t b = 0; b < blocks; ++b) {
        for (int i = 0; i < 4 * D::kBytes; i += 64) {
          V::PrefetchL1(fetch + i);
          V::PrefetchL2(fetch + 8192 + i);
        }
        fetch += 4 * D::kBytes;
        const int64_t k = b * D::kElements;
        typename D::State state[4];
        Unroll<4>([&](auto r) RETORT_LAMBDA { D::Begin(w[r] + b * D::kBytes, state[r]); });
        Unroll<D::kParts>([&](auto part_of_block) RETORT_LAMBDA {
          Unroll<4>([&](auto r) RETORT_LAMBDA {
            D::template Visit<part_of_block.value>(
                w[r] + b * D::kBytes, state[r], [&](auto i, F weight) RETORT_LAMBDA {
                  Unroll<T>([&](auto t) RETORT_LAMBDA {
                    acc[r][t] = V::Fma(weight, V::Load(part.x[t] + k + kLanes * i), acc[r][t]);
                  });
                });
          });
        });
      }
      if (blocks * D::kElements < part.cols) {
        Unroll<4>([&](auto r) RETORT_LAMBDA {
          Unroll<T>([&](auto t) RETORT_LAMBDA {
            acc[r][t] = AddRest(part, w[r], part.x[t], blocks, acc[r][t]);
          });
        });
      }
      Unroll<T>([&](auto t) RETORT_LAMBDA {
        Finish(part, t, n, acc[0][t], acc[1][t], acc[2][t], acc[3][t]);
      });
    }
  }

  // The products after the last whole block, of a plain type: as if zeros followed.
  static __attribute__((noinline)) F AddRest(const MatMulPart& part, const std::byte* w,
                                             const float* x, int64_t blocks, F acc) {
    std::byte weights[D::kBytes] = {};
    float inputs[D::kElements] = {};
    const int64_t k = blocks * D::kElements;
    const int64_t rest = part.cols - k;
    __builtin_memcpy(weights, w + blocks * D::kBytes,
                     static_cast<size_t>(rest * D::kBytes / D::kElements));
    __builtin_memcpy(inputs, x + k, static_cast<size_t>(rest) * sizeof(float));
    VisitBlock(weights, [&](auto i, F weight) RETORT_LAMBDA {
      acc = V::Fma(weight, V::Load(inputs + kLanes * i), acc);
    });
    return acc;
  }

  // Weights [outputs n0 .., depth k0 ..] to floats [kPanelOutputs, depth].
  static void DecodePanel(const MatMulPart& part, int64_t n0, int64_t outputs, int64_t k0,
                          int64_t depth, float* panel) {
    for (int64_t n = 0; n < outputs; ++n) {
      const std::byte* w = WeightRow(part, n0 + n) + k0 / D::kElements * D::kBytes;
      float* to = panel + n * depth;
      for (int64_t k = 0; k < depth; k += D::kElements, w += D::kBytes) {
        VisitBlock(w,
                   [&](auto i, F weight) RETORT_LAMBDA { V::Store(to + k + kLanes * i, weight); });
      }
    }
  }

  // All rows of the part against up to `most` outputs from n0 on.
  static void Panel(const MatMulPart& part, int64_t n0, int64_t most) {
    float* panel = part.scratch;
    float* sums = part.scratch + kPanelOutputs * kPanelDepth;  // [T, outputs, lanes]
    const int64_t outputs = (Least(most, part.end - n0) + 3) / 4 * 4;
    for (int64_t k0 = 0; k0 < part.cols; k0 += kPanelDepth) {
      const int64_t depth = Least(kPanelDepth, part.cols - k0);
      DecodePanel(part, n0, outputs, k0, depth, panel);
      // Rows as evenly as possible over tiles: 7 rows are 4 + 3, not 6 + 1.
      const int64_t tiles = (part.rows + V::kTileRows - 1) / V::kTileRows;
      for (int64_t tile = 0; tile < tiles; ++tile) {
        const int64_t t0 = part.rows * tile / tiles;
        const int64_t t1 = part.rows * (tile + 1) / tiles;
        for (int64_t n = 0; n < outputs; n += 4) {
          // Meanwhile one row of the next tile is brought nearer.
          const int64_t next = Least(t1 + n / 4, part.rows - 1);
          const TileArgs args{.part = part,
                              .n = n0 + n,
                              .t = t0,
                              .k = k0,
                              .depth = depth,
                              .w = panel + n * depth,
                              .sums = sums + (t0 * kPanelOutputs + n * (t1 - t0)) * kLanes,
                              .fetch = part.x[next] + k0};
          TileOf<V::kTileRows>(args, static_cast<int>(t1 - t0));
        }
      }
    }
  }

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

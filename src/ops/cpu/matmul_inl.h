// Matrix products for one level: V is its vector class, D its decoder of a plain type
// (decode_*_plain.h). Included by level_*.cpp only.
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
#include "ops/cpu/matmul_tiles_inl.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V, class D>
struct MatMulKernel {
  using F = typename V::F;
  using Tiles = MatMulTiles<V>;
  static constexpr int kLanes = V::kLanes;

  static void Run(const MatMulPart& part) {
    if (part.rows <= V::kFewRows) return FewRowsOf<V::kFewRows>(part);
    // Rows that end within a vector: only tiny models.
    const bool ragged = part.cols % kLanes != 0;
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

  // Weight row n, or the last one of the part.
  static RETORT_INLINE const std::byte* WeightRow(const MatMulPart& part, int64_t n) {
    return part.weight + static_cast<size_t>(Least(n, part.end - 1)) * part.row_bytes;
  }

  template <int T>
  static void FewRows(const MatMulPart& part) {
    const int64_t vectors = part.cols / kLanes;
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
      for (int64_t b = 0; b < vectors; ++b) {
        for (int i = 0; i < 4 * D::kBytes; i += 64) {
          V::PrefetchL1(fetch + i);
          V::PrefetchL2(fetch + 8192 + i);
        }
        fetch += 4 * D::kBytes;
        Unroll<4>([&](auto r) RETORT_LAMBDA {
          const F weight = D::Load(w[r] + b * D::kBytes);
          Unroll<T>([&](auto t) RETORT_LAMBDA {
            acc[r][t] = V::Fma(weight, V::Load(part.x[t] + b * kLanes), acc[r][t]);
          });
        });
      }
      if (vectors * kLanes < part.cols) {
        Unroll<4>([&](auto r) RETORT_LAMBDA {
          Unroll<T>([&](auto t) RETORT_LAMBDA {
            acc[r][t] = AddRest(part, w[r], part.x[t], vectors, acc[r][t]);
          });
        });
      }
      Unroll<T>([&](auto t) RETORT_LAMBDA {
        Tiles::Finish(part, t, n, acc[0][t], acc[1][t], acc[2][t], acc[3][t]);
      });
    }
  }

  // The products after the last whole vector: as if zeros followed.
  static __attribute__((noinline)) F AddRest(const MatMulPart& part, const std::byte* w,
                                             const float* x, int64_t vectors, F acc) {
    std::byte weights[D::kBytes] = {};
    float inputs[kLanes] = {};
    const int64_t k = vectors * kLanes;
    const int64_t rest = part.cols - k;
    __builtin_memcpy(weights, w + vectors * D::kBytes,
                     static_cast<size_t>(rest * D::kBytes / kLanes));
    __builtin_memcpy(inputs, x + k, static_cast<size_t>(rest) * sizeof(float));
    return V::Fma(D::Load(weights), V::Load(inputs), acc);
  }

  // Weights [outputs n0 .., depth k0 ..] to floats [kPanelOutputs, depth].
  static void DecodePanel(const MatMulPart& part, int64_t n0, int64_t outputs, int64_t k0,
                          int64_t depth, float* panel) {
    for (int64_t n = 0; n < outputs; ++n) {
      const std::byte* w = WeightRow(part, n0 + n) + k0 / kLanes * D::kBytes;
      float* to = panel + n * depth;
      for (int64_t k = 0; k < depth; k += kLanes, w += D::kBytes) V::Store(to + k, D::Load(w));
    }
  }

  // All rows of the part against up to `most` outputs from n0 on.
  static void Panel(const MatMulPart& part, int64_t n0, int64_t most) {
    float* panel = part.scratch;
    const int64_t outputs = (Least(most, part.end - n0) + 3) / 4 * 4;
    for (int64_t k0 = 0; k0 < part.cols; k0 += kPanelDepth) {
      const int64_t depth = Least(kPanelDepth, part.cols - k0);
      DecodePanel(part, n0, outputs, k0, depth, panel);
      Tiles::Run({.part = part,
                  .n = n0,
                  .outputs = outputs,
                  .k = k0,
                  .depth = depth,
                  .panel = panel,
                  .sums = panel + kPanelOutputs * kPanelDepth});
    }
  }
};

}  // namespace retort::cpu

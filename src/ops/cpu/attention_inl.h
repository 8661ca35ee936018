// Attention for one level: V is its vector class. Included by level_*.cpp only.
//
// Softmax is computed online (Milakov, Gimelshein 2018) over tiles of kKeyTile positions counted
// from the start of the sequence, so a query's arithmetic depends only on its own length. The
// queries of a part share each tile of keys and values, which is turned to floats once: keys
// transposed, so that the lanes of a vector are positions and scores need no sums across lanes.
#pragma once

#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V>
class AttentionKernel {
  using F = typename V::F;
  static constexpr int kLanes = V::kLanes;
  static constexpr int kVectors = 4;               // of a register tile, for each query
  static constexpr int kSpan = kVectors * kLanes;  // positions or dimensions of such a tile
  static constexpr float kLowest = -1e30f;         // no score; finite, so differences exist

 public:
  static void Run(const AttentionPart& part) {
    AttentionKernel kernel(part);
    const int64_t length = part.length[part.queries - 1];
    int64_t first = 0;  // query that sees anything of the tile
    for (int64_t j = 0; j < length; j += kKeyTile) {
      while (part.length[first] <= j) ++first;
      kernel.LoadTile(j, Least(kKeyTile, length - j));
      kernel.ForQueries(first, [&](auto count, int64_t m)
                                   RETORT_LAMBDA { kernel.template Scores<count.value>(m); });
      for (int64_t m = first; m < part.queries; ++m) kernel.Softmax(m, kernel.Limit(m, j));
      kernel.ForQueries(first, [&](auto count, int64_t m) RETORT_LAMBDA {
        const int64_t common = kernel.Limit(m, j);
        kernel.template AddValues<count.value>(m, 0, common);
        for (int i = 1; i < count; ++i) {
          kernel.template AddValues<1>(m + i, common, kernel.Limit(m + i, j));
        }
      });
    }
    kernel.Finish();
  }

 private:
  explicit AttentionKernel(const AttentionPart& part)
      : part_(part), padded_dim_((part.head_dim + kSpan - 1) / kSpan * kSpan) {
    float* next = part.scratch;
    const auto take = [&next](int64_t count) {
      float* taken = next;
      next += count;
      return taken;
    };
    keys_ = take(kKeyTile * kMaxHeadDim);
    values_ = take(kKeyTile * kMaxHeadDim);
    queries_ = take(kMaxQueries * kMaxHeadDim);
    sums_ = take(kMaxQueries * kMaxHeadDim);
    scores_ = take(kMaxQueries * kKeyTile);
    max_ = take(kMaxQueries);
    total_ = take(kMaxQueries);
    for (int64_t m = 0; m < part.queries; ++m) {
      for (int64_t d = 0; d < part.head_dim; ++d) {
        queries_[m * padded_dim_ + d] = part.q[m][d] * part.scale;
      }
      for (int64_t d = 0; d < padded_dim_; ++d) sums_[m * padded_dim_ + d] = 0;
      max_[m] = kLowest;
      total_[m] = 0;
    }
  }

  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

  // Positions of the tile from j on that query m sees.
  RETORT_INLINE int64_t Limit(int64_t m, int64_t j) const {
    return Least(kKeyTile, part_.length[m] - j);
  }

  // body(Index<count>, m) for groups of neighbouring queries, at most kTileRows each.
  template <class Body>
  RETORT_INLINE void ForQueries(int64_t first, const Body& body) const {
    const int64_t queries = part_.queries - first;
    const int64_t groups = (queries + V::kTileRows - 1) / V::kTileRows;
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t m = queries * g / groups;
      const int64_t count = queries * (g + 1) / groups - m;
      Unroll<V::kTileRows>([&](auto i) RETORT_LAMBDA {
        if (count == i + 1) body(Index<i.value + 1>{}, first + m);
      });
    }
  }

  // kLanes halves from dimension d on, as floats; zeros after the last.
  RETORT_INLINE F LoadRow(const uint16_t* row, int64_t d) const {
    if (d + kLanes <= part_.head_dim) return V::LoadF16(row + d);
    uint16_t buffer[kLanes] = {};
    for (int64_t i = 0; d + i < part_.head_dim; ++i) buffer[i] = row[d + i];
    return V::LoadF16(buffer);
  }

  // keys_ [Dh, kKeyTile] and values_ [kKeyTile, Dh] of `count` positions from j on.
  void LoadTile(int64_t j, int64_t count) {
    for (int64_t n = 0; n < count; n += kLanes) {
      for (int64_t d = 0; d < part_.head_dim; d += kLanes) {
        F rows[kLanes];
        for (int i = 0; i < kLanes; ++i) {
          rows[i] = n + i < count ? LoadRow(part_.k[j + n + i], d) : V::Set(0);
        }
        V::Transpose(rows);
        for (int i = 0; i < kLanes; ++i) V::Store(keys_ + (d + i) * kKeyTile + n, rows[i]);
      }
    }
    tile_span_ = (count + kLanes - 1) / kLanes * kLanes;
    for (int64_t n = 0; n < count; ++n) {
      for (int64_t d = 0; d < padded_dim_; d += kLanes) {
        V::Store(values_ + n * padded_dim_ + d, LoadRow(part_.v[j + n], d));
      }
    }
  }

  // scores_[m .. m+Q-1][all positions of the tile] = q · k
  template <int Q>
  void Scores(int64_t m) {
    const float* q = queries_ + m * padded_dim_;
    for (int64_t n = 0; n < tile_span_; n += kSpan) {
      F acc[Q][kVectors];
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kVectors>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Set(0); });
      });
      for (int64_t d = 0; d < part_.head_dim; ++d) {
        const float* k = keys_ + d * kKeyTile + n;
        F b[kVectors];
        Unroll<kVectors>([&](auto c) RETORT_LAMBDA { b[c] = V::Load(k + kLanes * c); });
        Unroll<Q>([&](auto i) RETORT_LAMBDA {
          const F a = V::Set(q[i * padded_dim_ + d]);
          Unroll<kVectors>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Fma(a, b[c], acc[i][c]); });
        });
      }
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        float* s = scores_ + (m + i) * kKeyTile + n;
        Unroll<kVectors>([&](auto c) RETORT_LAMBDA { V::Store(s + kLanes * c, acc[i][c]); });
      });
    }
  }

  // Scores of query m to weights e^(score - max), of which it sees the first `limit`; sums so far
  // are brought to the new maximum.
  void Softmax(int64_t m, int64_t limit) {
    float* s = scores_ + m * kKeyTile;
    const int64_t span = (limit + kLanes - 1) / kLanes * kLanes;
    for (int64_t n = limit; n < span; ++n) s[n] = kLowest;
    F greatest = V::Set(max_[m]);
    for (int64_t n = 0; n < span; n += kLanes) greatest = V::Max(greatest, V::Load(s + n));
    const float max = V::MaxLane(greatest);
    F sum = V::Set(0);
    for (int64_t n = 0; n < span; n += kLanes) {
      const F p = Exp<V>(V::Sub(V::Load(s + n), V::Set(max)));
      V::Store(s + n, p);
      sum = V::Add(sum, p);
    }
    float correction[kLanes];
    const F factor = Exp<V>(V::Set(max_[m] - max));
    V::Store(correction, factor);
    max_[m] = max;
    total_[m] = total_[m] * correction[0] + V::Sum(sum);
    float* o = sums_ + m * padded_dim_;
    for (int64_t d = 0; d < padded_dim_; d += kLanes)
      V::Store(o + d, V::Mul(V::Load(o + d), factor));
  }

  // sums_[m .. m+Q-1] += weights · values over positions begin .. end-1 of the tile.
  template <int Q>
  void AddValues(int64_t m, int64_t begin, int64_t end) {
    const float* p = scores_ + m * kKeyTile;
    for (int64_t d = 0; d < padded_dim_; d += kSpan) {
      float* o = sums_ + m * padded_dim_ + d;
      F acc[Q][kVectors];
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kVectors>(
            [&](auto c) RETORT_LAMBDA { acc[i][c] = V::Load(o + i * padded_dim_ + kLanes * c); });
      });
      for (int64_t n = begin; n < end; ++n) {
        const float* v = values_ + n * padded_dim_ + d;
        F b[kVectors];
        Unroll<kVectors>([&](auto c) RETORT_LAMBDA { b[c] = V::Load(v + kLanes * c); });
        Unroll<Q>([&](auto i) RETORT_LAMBDA {
          const F a = V::Set(p[i * kKeyTile + n]);
          Unroll<kVectors>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Fma(a, b[c], acc[i][c]); });
        });
      }
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kVectors>(
            [&](auto c) RETORT_LAMBDA { V::Store(o + i * padded_dim_ + kLanes * c, acc[i][c]); });
      });
    }
  }

  void Finish() const {
    for (int64_t m = 0; m < part_.queries; ++m) {
      for (int64_t d = 0; d < part_.head_dim; ++d) {
        part_.out[m][d] = sums_[m * padded_dim_ + d] / total_[m];
      }
    }
  }

  const AttentionPart& part_;
  const int64_t padded_dim_;  // Dh up to whole register tiles; the rest is zero
  int64_t tile_span_ = 0;     // positions of the tile, up to whole vectors
  float* keys_;               // [Dh, kKeyTile]
  float* values_;             // [kKeyTile, padded_dim_]
  float* queries_;            // [M, padded_dim_], times scale
  float* sums_;               // [M, padded_dim_] weighted values so far
  float* scores_;             // [M, kKeyTile]
  float* max_;                // [M]
  float* total_;              // [M] sum of weights so far
};

}  // namespace retort::cpu

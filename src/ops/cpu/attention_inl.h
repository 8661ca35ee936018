// Attention for one level: V is its vector class. Included by level_*.cpp only.
//
// The queries of a part, all that share a key/value head, meet each key and each value together.
// The few of a generated token (at most kDirectQueries) take them from the cache as they lie and
// turn them to floats in registers; for the many of a prompt a tile of kKeyTile positions is turned
// to floats once, 16 KiB that stay in the first-level cache, and met by register tiles of
// V::kAttentionRows queries. Both do the same operations in the same order.
//
//   scores   [M, split]   lanes are positions:   s[m][n] += q[m][d] * keys[d][n]
//   weights  [M, split]   e^(score - greatest of the split)
//   values   [M, Dh]      lanes are dimensions:  o[m][d] += p[m][n] * values[n][d]
//
// Softmax is computed online (Milakov, Gimelshein 2018), split by split, counted from the start of
// the sequence, so a query's arithmetic depends on its own length alone: not on the other queries,
// nor on the thread that computes a split (split-KV, as in Flash-Decoding, Dao et al. 2023).
//
// A generated token of a model with G query heads a key/value head does 4 G operations for each
// number of the cache. With G = 6 and numbers of two bytes that is 12 operations a byte: a
// processor that does 160 of them a nanosecond would need 13 GB/s, so arithmetic limits and not
// memory. Of it, turning halves to floats takes two of fourteen instructions, e^x less than one in
// Dh / 4.
#pragma once

#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/kv_slab_inl.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V>
class AttentionKernel {
  using F = typename V::F;
  using Slab = KvSlab<V>;
  static constexpr int kLanes = V::kLanes;
  static constexpr int kSpan = static_cast<int>(kKeyTile);  // positions or dimensions at a time
  static constexpr int kVectors = kSpan / kLanes;           // of a register tile, for each query
  // So few queries meet keys and values that are turned to floats in registers.
  static constexpr int kDirectQueries = 8;
  static constexpr float kLowest = -1e30f;  // no score; finite, so differences exist

 public:
  static void Run(const AttentionPart& part) {
    AttentionKernel kernel(part);
    kernel.LoadQueries();
    const int64_t length = part.length[part.queries - 1];
    const bool all = part.states == nullptr;
    const int64_t begin = all ? 0 : part.begin;
    const int64_t end = all ? (length + kAttentionSplit - 1) / kAttentionSplit : part.end;
    for (int64_t split = begin; split < end; ++split) {
      float* states = all ? kernel.current_ : kernel.StatesOf(split);
      const int64_t count = Least(kAttentionSplit, length - split * kAttentionSplit);
      kernel.ComputeScores(split, count, states);
      kernel.ComputeValues(split, count, states);
      if (all) kernel.Merge(split, states);
    }
    if (all) kernel.Finish();
  }

  static void MergeStates(const AttentionPart& part) {
    AttentionKernel kernel(part);
    for (int64_t j = 0; j < part.length[part.queries - 1]; j += kAttentionSplit) {
      kernel.Merge(j / kAttentionSplit, kernel.StatesOf(j / kAttentionSplit));
    }
    kernel.Finish();
  }

 private:
  explicit AttentionKernel(const AttentionPart& part)
      : part_(part),
        padded_dim_((part.head_dim + kSpan - 1) / kSpan * kSpan),
        state_(padded_dim_ + 16) {
    float* next = part.scratch;
    const auto take = [&next](int64_t count) {
      float* taken = next;
      next += count;
      return taken;
    };
    tile_ = take(kKeyTile * kMaxHeadDim);
    queries_ = take(kMaxQueries * kMaxHeadDim);
    scores_ = take(kMaxQueries * kAttentionSplit);
    current_ = take(kMaxQueries * (kMaxHeadDim + 16));
    merged_ = take(kMaxQueries * (kMaxHeadDim + 16));
  }

  // Vectors of a register tile of so many queries: accumulators, numbers of the cache and one more.
  static constexpr int VectorsFor(int queries) {
    int vectors = kVectors;
    while (vectors > 1 && (queries + 1) * vectors + 1 > V::kRegisters) vectors /= 2;
    return vectors;
  }

  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

  void LoadQueries() {
    for (int64_t m = 0; m < part_.queries; ++m) {
      for (int64_t d = 0; d < part_.head_dim; ++d) {
        queries_[m * padded_dim_ + d] = part_.q[m][d] * part_.scale;
      }
      if (part_.k_int8) Slab::Rotate(part_.head_dim, queries_ + m * padded_dim_);
    }
  }

  // Of M queries: [padded_dim_] weighted values, greatest score, sum of weights.
  float* StatesOf(int64_t split) const { return part_.states + split * part_.queries * state_; }
  RETORT_INLINE float& Greatest(float* state) const { return state[padded_dim_]; }
  RETORT_INLINE float& Total(float* state) const { return state[padded_dim_ + 1]; }

  // Of `count` positions from j on, those that query m sees.
  RETORT_INLINE int64_t Limit(int64_t m, int64_t j, int64_t count) const {
    return Least(count, part_.length[m] - j);
  }
  RETORT_INLINE int64_t FirstThatSees(int64_t j) const {
    int64_t m = 0;
    while (part_.length[m] <= j) ++m;
    return m;
  }

  // body(Index<count>, m) for groups of neighbouring queries, at most kRows each.
  template <int kRows, class Body>
  RETORT_INLINE void ForQueries(int64_t first, const Body& body) const {
    const int64_t queries = part_.queries - first;
    const int64_t groups = (queries + kRows - 1) / kRows;
    for (int64_t g = 0; g < groups; ++g) {
      const int64_t m = queries * g / groups;
      const int64_t count = queries * (g + 1) / groups - m;
      Unroll<kRows>([&](auto i) RETORT_LAMBDA {
        if (count == i + 1) body(Index<i.value + 1>{}, first + m);
      });
    }
  }

  // True where numbers can be taken from the cache as they lie, and are few times.
  RETORT_INLINE bool IsDirect() const {
    return part_.queries <= kDirectQueries && Slab::IsEven(part_) && part_.head_dim == padded_dim_;
  }

  // Scores of a split, of which `count` positions are seen by some query, and their weights.
  void ComputeScores(int64_t split, int64_t count, float* states) {
    const int64_t from = split * kAttentionSplit;
    for (int64_t t = 0; t < count; t += kKeyTile) {
      const int64_t tile = Least(kKeyTile, count - t);
      // What comes next is fetched: the processor's own prefetching ends with a page, so with a
      // block.
      const bool more = t + kKeyTile < count;
      if (IsDirect()) Slab::Fetch(part_, more, more ? from + t + kKeyTile : from);
      part_.k_int8 ? ScoreTile<true>(from + t, tile, t) : ScoreTile<false>(from + t, tile, t);
    }
    for (int64_t m = FirstThatSees(from); m < part_.queries; ++m) {
      Softmax(scores_ + m * kAttentionSplit, Limit(m, from, count), states + m * state_);
    }
  }

  // The weighted values of the same split.
  void ComputeValues(int64_t split, int64_t count, float* states) {
    const int64_t from = split * kAttentionSplit;
    for (int64_t t = 0; t < count; t += kKeyTile) {
      const int64_t j = from + t, tile = Least(kKeyTile, count - t);
      if (IsDirect() && t + kKeyTile < count) Slab::Fetch(part_, false, j + kKeyTile);
      part_.v_int8 ? ValueTile<true>(j, tile, t, states) : ValueTile<false>(j, tile, t, states);
    }
  }

  // Positions j = split's + t .. j + count - 1.
  template <bool kInt8>
  void ScoreTile(int64_t j, int64_t count, int64_t t) {
    if (IsDirect()) {
      const typename Slab::template Keys<kInt8> keys(part_, j, count);
      ForQueries<kDirectQueries>(FirstThatSees(j), [&](auto queries, int64_t m) RETORT_LAMBDA {
        Scores<queries.value, VectorsFor(queries.value)>(
            m, t, [&](int64_t d, int c) RETORT_LAMBDA { return keys.Load(d, c); });
      });
      return;
    }
    Slab::template LoadKeys<kInt8>(part_, j, count, tile_);
    ForQueries<V::kAttentionRows>(FirstThatSees(j), [&](auto queries, int64_t m) RETORT_LAMBDA {
      Scores<queries.value, kVectors>(m, t, [&](int64_t d, int c) RETORT_LAMBDA {
        return V::Load(tile_ + d * kKeyTile + kLanes * c);
      });
    });
  }
  template <bool kInt8>
  void ValueTile(int64_t j, int64_t count, int64_t t, float* states) {
    if (IsDirect()) {
      const typename Slab::template Values<kInt8> values(part_, j, count);
      ForQueries<kDirectQueries>(FirstThatSees(j), [&](auto queries, int64_t m) RETORT_LAMBDA {
        AddTile<queries.value, VectorsFor(queries.value)>(
            m, t, j, count, states,
            [&](int64_t n, int64_t d) RETORT_LAMBDA { return values.Load(n, d); });
      });
      return;
    }
    Slab::template LoadValues<kInt8>(part_, j, count, padded_dim_, tile_);
    ForQueries<V::kAttentionRows>(FirstThatSees(j), [&](auto queries, int64_t m) RETORT_LAMBDA {
      AddTile<queries.value, kVectors>(
          m, t, j, count, states,
          [&](int64_t n, int64_t d) RETORT_LAMBDA { return V::Load(tile_ + n * padded_dim_ + d); });
    });
  }

  // scores[m .. m+Q-1][t .. t+kKeyTile-1] = q · k; load(d, c) is the c-th vector of the tile's
  // positions.
  template <int Q, int kWidth, class Load>
  RETORT_INLINE void Scores(int64_t m, int64_t t, const Load& load) {
    const float* q = queries_ + m * padded_dim_;
    for (int first = 0; first < kVectors; first += kWidth) {
      F acc[Q][kWidth];
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kWidth>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Set(0); });
      });
      for (int64_t d = 0; d < part_.head_dim; ++d) {
        F b[kWidth];
        Unroll<kWidth>([&](auto c) RETORT_LAMBDA { b[c] = load(d, first + c); });
        Unroll<Q>([&](auto i) RETORT_LAMBDA {
          const F a = V::Set(q[i * padded_dim_ + d]);
          Unroll<kWidth>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Fma(a, b[c], acc[i][c]); });
        });
      }
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        float* s = scores_ + (m + i) * kAttentionSplit + t + first * kLanes;
        Unroll<kWidth>([&](auto c) RETORT_LAMBDA { V::Store(s + kLanes * c, acc[i][c]); });
      });
    }
  }

  // A query's scores of a split, of which it sees the first `limit`, to weights; its state begins.
  void Softmax(float* s, int64_t limit, float* state) const {
    const int64_t span = (limit + kLanes - 1) / kLanes * kLanes;
    for (int64_t n = limit; n < span; ++n) s[n] = kLowest;
    F greatest = V::Set(kLowest);
    for (int64_t n = 0; n < span; n += kLanes) greatest = V::Max(greatest, V::Load(s + n));
    const float max = V::MaxLane(greatest);
    F sum = V::Set(0);
    for (int64_t n = 0; n < span; n += kLanes) {
      const F p = Exp<V>(V::Sub(V::Load(s + n), V::Set(max)));
      V::Store(s + n, p);
      sum = V::Add(sum, p);
    }
    for (int64_t d = 0; d < padded_dim_; d += kLanes) V::Store(state + d, V::Set(0));
    Greatest(state) = max;
    Total(state) = V::Sum(sum);
  }

  // Adds the tile from position j = split's + t on to the sums of queries m .. m+Q-1; load(n, d) is
  // a vector of position j + n's value.
  template <int Q, int kWidth, class Load>
  RETORT_INLINE void AddTile(int64_t m, int64_t t, int64_t j, int64_t count, float* states,
                             const Load& load) {
    const float* weights = scores_ + m * kAttentionSplit + t;
    float* sums = states + m * state_;
    const int64_t common = Limit(m, j, count);
    AddValues<Q, kWidth>(weights, 0, common, sums, load);
    for (int i = 1; i < Q; ++i) {
      const int64_t limit = Limit(m + i, j, count);
      if (limit == common) continue;
      AddValues<1, kWidth>(weights + i * kAttentionSplit, common, limit, sums + i * state_, load);
    }
  }

  // sums[0 .. Q-1] += weights · values over positions begin .. end-1 of the tile.
  template <int Q, int kWidth, class Load>
  RETORT_INLINE void AddValues(const float* weights, int64_t begin, int64_t end, float* sums,
                               const Load& load) {
    for (int64_t d = 0; d < padded_dim_; d += kWidth * kLanes) {
      float* o = sums + d;
      F acc[Q][kWidth];
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kWidth>([&](auto c)
                           RETORT_LAMBDA { acc[i][c] = V::Load(o + i * state_ + kLanes * c); });
      });
      for (int64_t n = begin; n < end; ++n) {
        F b[kWidth];
        Unroll<kWidth>([&](auto c) RETORT_LAMBDA { b[c] = load(n, d + kLanes * c); });
        Unroll<Q>([&](auto i) RETORT_LAMBDA {
          const F a = V::Set(weights[i * kAttentionSplit + n]);
          Unroll<kWidth>([&](auto c) RETORT_LAMBDA { acc[i][c] = V::Fma(a, b[c], acc[i][c]); });
        });
      }
      Unroll<Q>([&](auto i) RETORT_LAMBDA {
        Unroll<kWidth>([&](auto c)
                           RETORT_LAMBDA { V::Store(o + i * state_ + kLanes * c, acc[i][c]); });
      });
    }
  }

  // Adds the states of the next split to merged_.
  void Merge(int64_t split, float* states) {
    for (int64_t m = FirstThatSees(split * kAttentionSplit); m < part_.queries; ++m) {
      float* sum = merged_ + m * state_;
      float* next = states + m * state_;
      if (split == 0) {
        for (int64_t i = 0; i < padded_dim_ + 2; ++i) sum[i] = next[i];
        continue;
      }
      const float a = Greatest(sum), b = Greatest(next), max = a > b ? a : b;
      float weight[2][kLanes];
      V::Store(weight[0], Exp<V>(V::Set(a - max)));
      V::Store(weight[1], Exp<V>(V::Set(b - max)));
      const F old_weight = V::Set(weight[0][0]), new_weight = V::Set(weight[1][0]);
      for (int64_t d = 0; d < padded_dim_; d += kLanes) {
        const F scaled = V::Mul(V::Load(next + d), new_weight);
        V::Store(sum + d, V::Fma(V::Load(sum + d), old_weight, scaled));
      }
      Total(sum) = Total(sum) * weight[0][0] + Total(next) * weight[1][0];
      Greatest(sum) = max;
    }
  }

  void Finish() const {
    for (int64_t m = 0; m < part_.queries; ++m) {
      float* sum = merged_ + m * state_;
      for (int64_t d = 0; d < part_.head_dim; ++d) part_.out[m][d] = sum[d] / Total(sum);
    }
  }

  const AttentionPart& part_;
  const int64_t padded_dim_;  // Dh up to whole register tiles; the rest is zero
  const int64_t state_;       // floats of a query's state
  float* tile_;               // keys [Dh, kKeyTile] or values [kKeyTile, padded_dim_]
  float* queries_;            // [M, padded_dim_], times scale
  float* scores_;             // [M, kAttentionSplit]
  float* current_;            // [M, state_] of the split at hand
  float* merged_;             // [M, state_] of all splits so far
};

}  // namespace retort::cpu

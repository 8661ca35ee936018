// The keys and values of one key/value head in one block of B positions: how the CPU backend lays
// them out, stores them, and turns them to floats again. V is a level's vector class. Included by
// attention_inl.h only.
//
//   halves (DType::kF16)      keys    [Dh, B] halves           values  [B, Dh] halves
//   8 bits (DType::kQ8_0)     keys    [Dh, B] codes            values  [B, Dh] codes
//                             scales  [Dh/32, B] halves        scales  [Dh/32, B] halves
//
// Keys lie with their positions side by side, so that the lanes of a vector are positions: a score
// then needs no sum across lanes, and a step of any size reads them as they lie. In 8 bits every 32
// numbers of a position have a scale, as in Q8_0: a number is code * scale.
#pragma once

#include "ops/cpu/elementwise_inl.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/vec.h"

namespace retort::cpu {

template <class V>
class KvSlab {
  using F = typename V::F;
  static constexpr int kLanes = V::kLanes;
  static constexpr int kVectors = static_cast<int>(kKeyTile) / kLanes;
  static constexpr int64_t kScaled = 32;  // numbers that share a scale
  static constexpr int64_t kMaxScales = kMaxHeadDim / kScaled;

  struct Place {
    int64_t block, slot;

    static RETORT_INLINE Place Of(const AttentionPart& part, int64_t position) {
      return {position / part.block_size, position % part.block_size};
    }
    RETORT_INLINE void Advance(const AttentionPart& part) {
      if (++slot < part.block_size) return;
      slot = 0;
      ++block;
    }
  };

 public:
  // True if vectors of keys and of values can be read as they lie.
  static RETORT_INLINE bool IsEven(const AttentionPart& part) {
    return part.block_size % kLanes == 0 && part.head_dim % kLanes == 0;
  }

  // The keys of `count` positions from j on, j a multiple of kKeyTile, where IsEven.
  template <bool kInt8>
  class Keys {
   public:
    RETORT_INLINE Keys(const AttentionPart& part, int64_t j, int64_t count)
        : step_(part.block_size * (kInt8 ? 1 : 2)) {
      Unroll<kVectors>([&](auto i) RETORT_LAMBDA {
        // Vectors beyond the last position repeat the first.
        const Place at = Place::Of(part, i * kLanes < count ? j + i * kLanes : j);
        from_[i] = part.k[at.block] + at.slot * (kInt8 ? 1 : 2);
      });
      if constexpr (kInt8) LoadScales(part, part.k, j, count, scales_);
    }
    // Number d of the i-th kLanes positions.
    RETORT_INLINE F Load(int64_t d, int i) const {
      const std::byte* at = from_[i] + d * step_;
      if constexpr (kInt8) {
        return V::Mul(V::LoadS8(Codes(at)), V::Load(scales_[d / kScaled] + i * kLanes));
      } else {
        return V::LoadF16(Halves(at));
      }
    }

   private:
    const std::byte* from_[kVectors];
    const int64_t step_;
    float scales_[kInt8 ? kMaxScales : 1][kKeyTile];
  };

  // The values of `count` positions from j on, where IsEven.
  template <bool kInt8>
  class Values {
   public:
    RETORT_INLINE Values(const AttentionPart& part, int64_t j, int64_t count) {
      Place at = Place::Of(part, j);
      for (int64_t n = 0; n < count; ++n, at.Advance(part)) {
        row_[n] = part.v[at.block] + at.slot * part.head_dim * (kInt8 ? 1 : 2);
      }
      if constexpr (kInt8) LoadScales(part, part.v, j, count, scales_);
    }
    // Numbers d .. d + kLanes - 1 of the n-th position.
    RETORT_INLINE F Load(int64_t n, int64_t d) const {
      if constexpr (kInt8) {
        return V::Mul(V::LoadS8(Codes(row_[n]) + d), V::Set(scales_[d / kScaled][n]));
      } else {
        return V::LoadF16(Halves(row_[n]) + d);
      }
    }

   private:
    const std::byte* row_[kKeyTile];
    float scales_[kInt8 ? kMaxScales : 1][kKeyTile];
  };

  // Hints that the tile from position j on will be read. Where blocks are not of kKeyTile positions,
  // some of the lines are others.
  template <bool kInt8>
  static RETORT_INLINE void Fetch(const AttentionPart& part, const std::byte* const* slabs,
                                  int64_t j) {
    constexpr int64_t kLine = 64;
    const std::byte* from = slabs[Place::Of(part, j).block];
    const int64_t bytes = part.head_dim * (kInt8 ? 1 : 2) * Least(kKeyTile, part.block_size);
    for (int64_t i = 0; i < bytes; i += kLine) V::PrefetchL1(from + i);
  }

  // out[Dh, kKeyTile]: the keys as floats; what stands in columns from `count` on has no meaning.
  template <bool kInt8>
  static void LoadKeys(const AttentionPart& part, int64_t j, int64_t count, float* out) {
    if (!IsEven(part)) return LoadKeysOneByOne<kInt8>(part, j, count, out);
    const Keys<kInt8> keys(part, j, count);
    for (int64_t d = 0; d < part.head_dim; ++d) {
      Unroll<kVectors>([&](auto i) RETORT_LAMBDA {
        V::Store(out + d * kKeyTile + i * kLanes, keys.Load(d, i));
      });
    }
  }

  // out[count, padded_dim]: the values as floats; zeros after Dh.
  template <bool kInt8>
  static void LoadValues(const AttentionPart& part, int64_t j, int64_t count, int64_t padded_dim,
                         float* out) {
    if (!IsEven(part)) return LoadValuesOneByOne<kInt8>(part, j, count, padded_dim, out);
    const Values<kInt8> values(part, j, count);
    for (int64_t n = 0; n < count; ++n, out += padded_dim) {
      int64_t d = 0;
      for (; d < part.head_dim; d += kLanes) V::Store(out + d, values.Load(n, d));
      for (; d < padded_dim; d += kLanes) V::Store(out + d, V::Set(0));
    }
  }

  static void Store(const StoreKvPart& part) {
    for (int64_t n = 0; n < part.rows; ++n) {
      if (part.kv_int8) {
        StoreRow8(part, n);
      } else {
        StoreRow16(part, n);
      }
    }
  }

 private:
  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }
  static RETORT_INLINE const uint16_t* Halves(const std::byte* slab) {
    return reinterpret_cast<const uint16_t*>(slab);
  }
  static RETORT_INLINE const int8_t* Codes(const std::byte* slab) {
    return reinterpret_cast<const int8_t*>(slab);
  }

  // out[Dh/32][n] of `count` positions from j on.
  static void LoadScales(const AttentionPart& part, const std::byte* const* slabs, int64_t j,
                         int64_t count, float (*out)[kKeyTile]) {
    for (int64_t g = 0; g < part.head_dim / kScaled; ++g) {
      uint16_t halves[kKeyTile] = {};
      Place at = Place::Of(part, j);
      for (int64_t n = 0; n < count; ++n, at.Advance(part)) {
        const std::byte* scales = slabs[at.block] + part.head_dim * part.block_size;
        halves[n] = Halves(scales)[g * part.block_size + at.slot];
      }
      for (int64_t n = 0; n < kKeyTile; n += kLanes) V::Store(out[g] + n, V::LoadF16(halves + n));
    }
  }

  // For blocks and heads that vectors do not fit: they serve tests, not speed.
  template <bool kInt8>
  static void LoadKeysOneByOne(const AttentionPart& part, int64_t j, int64_t count, float* out) {
    float scales[kMaxScales][kKeyTile];
    if constexpr (kInt8) LoadScales(part, part.k, j, count, scales);
    Place at = Place::Of(part, j);
    for (int64_t n = 0; n < count; ++n, at.Advance(part)) {
      for (int64_t d = 0; d < part.head_dim; ++d) {
        const float scale = kInt8 ? scales[d / kScaled][n] : 0;
        out[d * kKeyTile + n] = Number<kInt8>(part.k[at.block], d * part.block_size + at.slot, scale);
      }
    }
  }
  template <bool kInt8>
  static void LoadValuesOneByOne(const AttentionPart& part, int64_t j, int64_t count,
                                 int64_t padded_dim, float* out) {
    float scales[kMaxScales][kKeyTile];
    if constexpr (kInt8) LoadScales(part, part.v, j, count, scales);
    Place at = Place::Of(part, j);
    for (int64_t n = 0; n < count; ++n, at.Advance(part), out += padded_dim) {
      for (int64_t d = 0; d < padded_dim; ++d) {
        const float scale = kInt8 && d < part.head_dim ? scales[d / kScaled][n] : 0;
        out[d] = d < part.head_dim
                     ? Number<kInt8>(part.v[at.block], at.slot * part.head_dim + d, scale)
                     : 0;
      }
    }
  }
  template <bool kInt8>
  static RETORT_INLINE float Number(const std::byte* slab, int64_t i, float scale) {
    if constexpr (kInt8) return static_cast<float>(Codes(slab)[i]) * scale;
    uint16_t half[kLanes] = {Halves(slab)[i]};
    float number[kLanes];
    V::Store(number, V::LoadF16(half));
    return number[0];
  }

  static RETORT_INLINE void StoreRow16(const StoreKvPart& part, int64_t n) {
    uint16_t row[kMaxHeadDim];
    ElementwiseKernels<V>::ToF16(part.k + n * part.row_stride, part.head_dim, row);
    auto* keys = reinterpret_cast<uint16_t*>(part.k_slab) + part.slot + n;
    for (int64_t d = 0; d < part.head_dim; ++d) keys[d * part.block_size] = row[d];
    auto* values = reinterpret_cast<uint16_t*>(part.v_slab) + (part.slot + n) * part.head_dim;
    ElementwiseKernels<V>::ToF16(part.v + n * part.row_stride, part.head_dim, values);
  }

  static RETORT_INLINE void StoreRow8(const StoreKvPart& part, int64_t n) {
    const int64_t slot = part.slot + n, codes_end = part.head_dim * part.block_size;
    auto* keys = reinterpret_cast<int8_t*>(part.k_slab) + slot;
    auto* values = reinterpret_cast<int8_t*>(part.v_slab) + slot * part.head_dim;
    auto* key_scales = reinterpret_cast<uint16_t*>(part.k_slab + codes_end) + slot;
    auto* value_scales = reinterpret_cast<uint16_t*>(part.v_slab + codes_end) + slot;
    for (int64_t d = 0; d < part.head_dim; d += kScaled) {
      int8_t codes[kScaled];
      const int64_t scale_at = d / kScaled * part.block_size;
      key_scales[scale_at] = Quantize(part.k + n * part.row_stride + d, codes);
      for (int64_t i = 0; i < kScaled; ++i) keys[(d + i) * part.block_size] = codes[i];
      value_scales[scale_at] = Quantize(part.v + n * part.row_stride + d, codes);
      for (int64_t i = 0; i < kScaled; ++i) values[d + i] = codes[i];
    }
  }

  // 32 numbers to codes; returns their scale, a half.
  static RETORT_INLINE uint16_t Quantize(const float* x, int8_t* codes) {
    F greatest = V::Set(0);
    for (int64_t i = 0; i < kScaled; i += kLanes) {
      const F a = V::Load(x + i);
      greatest = V::Max(greatest, V::Max(a, V::Sub(V::Set(0), a)));
    }
    uint16_t halves[kLanes];
    V::StoreF16(halves, V::Min(V::Mul(V::Set(V::MaxLane(greatest)), V::Set(1.0f / 127)),
                               V::Set(kGreatestHalf)));
    float scale[kLanes];  // as it will be read
    V::Store(scale, V::LoadF16(halves));
    const float inverse = scale[0] > 0 ? 1 / scale[0] : 0;
    for (int64_t i = 0; i < kScaled; i += kLanes) {
      float rounded[kLanes];
      // The scale's own rounding may leave more than 127 of them.
      V::Store(rounded, V::Round(V::Min(V::Max(V::Mul(V::Load(x + i), V::Set(inverse)),
                                               V::Set(-127)), V::Set(127))));
      for (int64_t l = 0; l < kLanes; ++l) codes[i + l] = static_cast<int8_t>(rounded[l]);
    }
    return halves[0];
  }

  static constexpr float kGreatestHalf = 65504;
};

}  // namespace retort::cpu

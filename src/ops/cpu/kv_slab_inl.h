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
// numbers of a position have a scale, as in Q8_0: a number is code * scale. Keys are rotated before
// (Rotate), since those of some models have a few dimensions many times greater than all others,
// which 8 bits would keep too coarsely; queries are rotated likewise, so scores stay the same.
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

  // Hints that the tile of keys or of values from position j on will be read. Where blocks are not
  // of kKeyTile positions, some of the lines are others.
  static RETORT_INLINE void Fetch(const AttentionPart& part, bool keys, int64_t j) {
    constexpr int64_t kLine = 64;
    const std::byte* from = (keys ? part.k : part.v)[Place::Of(part, j).block];
    const int64_t each = (keys ? part.k_int8 : part.v_int8) ? 1 : 2;
    const int64_t bytes = part.head_dim * each * Least(kKeyTile, part.block_size);
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

  // Multiplies a key or a query of 8-bit caches by the orthonormal Hadamard matrix (QuaRot,
  // Ashkboos et al. 2024): of 32, 64, 128 or 256 numbers, whichever is the greatest that divides
  // Dh. It spreads a great number evenly over all.
  static void Rotate(int64_t head_dim, float* x) {
    const int64_t size = head_dim & -head_dim;
    for (float* begin = x; begin < x + head_dim; begin += size) {
      float norm = 1;
      for (int64_t half = 1; half < size; half *= 2, norm *= 2) {
        for (int64_t i = 0; i < size; i += 2 * half) {
          for (int64_t j = i; j < i + half; ++j) {
            const float a = begin[j], b = begin[j + half];
            begin[j] = a + b;
            begin[j + half] = a - b;
          }
        }
      }
      for (int64_t i = 0; i < size; ++i) begin[i] /= __builtin_sqrtf(norm);
    }
  }

  static void Store(const StoreKvPart& part) {
    for (int64_t n = 0; n < part.rows; ++n) {
      const float *key = part.k + n * part.row_stride, *value = part.v + n * part.row_stride;
      part.k_int8 ? StoreKey8(part, part.slot + n, key) : StoreKey16(part, part.slot + n, key);
      part.v_int8 ? StoreValue8(part, part.slot + n, value)
                  : StoreValue16(part, part.slot + n, value);
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
        out[d * kKeyTile + n] =
            Number<kInt8>(part.k[at.block], d * part.block_size + at.slot, scale);
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

  static RETORT_INLINE void StoreKey16(const StoreKvPart& part, int64_t slot, const float* key) {
    uint16_t row[kMaxHeadDim];
    ElementwiseKernels<V>::ToF16(key, part.head_dim, row);
    auto* keys = reinterpret_cast<uint16_t*>(part.k_slab) + slot;
    for (int64_t d = 0; d < part.head_dim; ++d) keys[d * part.block_size] = row[d];
  }
  static RETORT_INLINE void StoreValue16(const StoreKvPart& part, int64_t slot,
                                         const float* value) {
    auto* values = reinterpret_cast<uint16_t*>(part.v_slab) + slot * part.head_dim;
    ElementwiseKernels<V>::ToF16(value, part.head_dim, values);
  }

  static RETORT_INLINE void StoreKey8(const StoreKvPart& part, int64_t slot, const float* key) {
    float rotated[kMaxHeadDim];
    for (int64_t d = 0; d < part.head_dim; ++d) rotated[d] = key[d];
    Rotate(part.head_dim, rotated);
    auto* keys = reinterpret_cast<int8_t*>(part.k_slab) + slot;
    uint16_t* scales = ScalesOf(part, part.k_slab) + slot;
    for (int64_t d = 0; d < part.head_dim; d += kScaled) {
      int8_t codes[kScaled];
      scales[d / kScaled * part.block_size] = Quantize(rotated + d, codes);
      for (int64_t i = 0; i < kScaled; ++i) keys[(d + i) * part.block_size] = codes[i];
    }
  }
  static RETORT_INLINE void StoreValue8(const StoreKvPart& part, int64_t slot, const float* value) {
    auto* values = reinterpret_cast<int8_t*>(part.v_slab) + slot * part.head_dim;
    uint16_t* scales = ScalesOf(part, part.v_slab) + slot;
    for (int64_t d = 0; d < part.head_dim; d += kScaled) {
      scales[d / kScaled * part.block_size] = Quantize(value + d, values + d);
    }
  }
  static RETORT_INLINE uint16_t* ScalesOf(const StoreKvPart& part, std::byte* slab) {
    return reinterpret_cast<uint16_t*>(slab + part.head_dim * part.block_size);
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
      V::Store(rounded,
               V::Round(V::Min(V::Max(V::Mul(V::Load(x + i), V::Set(inverse)), V::Set(-127)),
                               V::Set(127))));
      for (int64_t l = 0; l < kLanes; ++l) codes[i + l] = static_cast<int8_t>(rounded[l]);
    }
    return halves[0];
  }

  static constexpr float kGreatestHalf = 65504;
};

}  // namespace retort::cpu

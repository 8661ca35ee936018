// Matrix products of 8-bit rows with packed weights for one level and one format. IV is the level's
// class of integers (ivec_*.h). Included by level_*.cpp only.
//
// The lanes of a vector are outputs, so nothing is ever added across lanes. For output n and group
// g, in this order whatever the level, the number of rows and the place of the output:
//
//   dot = sum of (code - center) * q            exact, in integers
//   acc = acc + (dot * x.scale) * scale         one rounding for the product, one for the rest
//   acc = acc + offset * x.scaled_sum           where the format has minima
//
// (with two scales in a group: f = dot0 * scale0 + dot1 * scale1, acc = acc + f * x.scale). So the
// bits of a result are the same at all levels, alone or in a batch.
//
//  - Few rows (decoding, up to IV::kFewRows at a time): codes are unpacked in registers. Per group
//  of 32 and
//    16 outputs, Q4_K reads 288 bytes and does 512 products a row; bound by memory.
//  - Many rows (prompts): kDepth of a panel are unpacked once to bytes (16 KiB with its scales, in
//    the first-level cache) and met by tiles of IV::kTileRows rows; bound by the multiplier. Of the
//    eight multiplications of a group and a vector, none is for scales; these cost two or three
//    further operations, so 70 to 80 % of the multiplier's peak is the most to be had.
#pragma once

#include "ops/cpu/int8_rows_inl.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/panel_reader_inl.h"

namespace retort::cpu {

template <class IV, DType kType>
class Int8MatMulKernel {
  using Reader = PanelReader<IV, kType>;
  using V = typename IV::Floats;
  using F = typename IV::F;
  using I = typename IV::I;
  using Dot = typename Reader::Dot;
  using Scales = typename Reader::Scales;
  static constexpr int kLanes = IV::kLanes;
  static constexpr int kParts = kPanelRows / kLanes;  // vectors of outputs in a panel
  static constexpr int kScales = Reader::kScales;
  // As constants: a call of PanelFormat's functions might be shared with other levels' code.
  static constexpr bool kOffsets = Reader::kFormat.offsets;
  static constexpr int64_t kGroups = Reader::kFormat.groups;
  static constexpr int64_t kHeadBytes = Reader::kFormat.head_bytes();
  static constexpr int64_t kGroupBytes = Reader::kFormat.group_bytes();
  static constexpr int64_t kSuperBlockBytes = Reader::kFormat.super_block_bytes();

 public:
  static void Run(const Int8Part& part) {
    const int64_t rows = part.rows + part.rests;
    const int64_t passes = (rows + IV::kFewRows - 1) / IV::kFewRows;
    for (int64_t n = part.begin; n < part.end; n += kPanelRows) {
      if (passes > kFewPasses) {
        for (int64_t t = 0; t < rows; t += kInt8RowBlock) ManyRows(part, n, t);
        continue;
      }
      for (int64_t i = 0; i < passes; ++i) {
        const int64_t t = rows * i / passes;
        FewRowsOf<IV::kFewRows>(part, n, t, rows * (i + 1) / passes - t);
      }
    }
  }

 private:
  // So often is a panel read, the second time from the nearest cache, before unpacking it pays.
  static constexpr int64_t kFewPasses = 2;
  static constexpr int64_t kDepthGroups = kInt8Depth / kGroup;

  // A stretch of a panel, unpacked.
  struct Unpacked {
    uint8_t codes[kDepthGroups][kGroupVectors][kVectorBytes];
    float scale[kDepthGroups][kScales][kPanelRows];
    float offset[kDepthGroups][kScales][kPanelRows];
  };
  static_assert(sizeof(Unpacked) + kInt8RowBlock * kPanelRows * sizeof(float) <=
                kInt8Scratch * sizeof(float));

  static RETORT_INLINE int64_t Least(int64_t a, int64_t b) { return a < b ? a : b; }

  static RETORT_INLINE F Accumulate(F acc, const Dot (&dot)[kScales], const Scales& s,
                                    const RowGroup& x) {
    const F scale = V::Set(x.scale);
    if constexpr (kScales == 1) {
      acc = V::Fma(V::Mul(Centered(dot[0], &x.sum), scale), s.scale[0], acc);
      if constexpr (kOffsets) acc = V::Fma(s.offset[0], V::Set(x.scaled_sum), acc);
    } else {
      F both = V::Mul(Centered(dot[0], &x.halves[0]), s.scale[0]);
      both = V::Fma(Centered(dot[1], &x.halves[1]), s.scale[1], both);
      acc = V::Fma(both, scale, acc);
      if constexpr (kOffsets) {
        acc = V::Fma(s.offset[0], V::Set(x.scaled_halves[0]), acc);
        acc = V::Fma(s.offset[1], V::Set(x.scaled_halves[1]), acc);
      }
    }
    return acc;
  }

  static RETORT_INLINE F Centered(const Dot& dot, const int32_t* sum) {
    constexpr int kLog2 = Reader::kCenterLog2;
    if constexpr (kLog2 == 0) return IV::ToFloat(dot.Sum());
    return IV::ToFloat(IV::template SubtractTimes2To<kLog2>(dot.Sum(), sum));
  }

  // kLanes outputs from n on of row t.
  static RETORT_INLINE void Finish(const Int8Part& part, int64_t t, int64_t n, F acc) {
    float* out = part.out[t] + n;
    const float* bias = t < part.rows ? part.bias : nullptr;
    const bool accumulate = part.accumulate && t < part.rows;
    if (n + kLanes <= part.end) {
      F y = acc;
      if (bias != nullptr) y = V::Add(y, V::Load(bias + n));
      if (accumulate) y = V::Add(V::Load(out), y);
      V::Store(out, y);
      return;
    }
    float sum[kLanes];
    V::Store(sum, acc);
    for (int64_t i = 0; n + i < part.end; ++i) {
      const float y = bias == nullptr ? sum[i] : sum[i] + bias[n + i];
      out[i] = accumulate ? out[i] + y : y;
    }
  }

  static RETORT_INLINE const uint8_t* PanelOf(const Int8Part& part, int64_t n) {
    return reinterpret_cast<const uint8_t*>(part.panels) +
           n / kPanelRows * (part.cols / (kGroups * kGroup)) * kSuperBlockBytes;
  }

  template <int R>
  static RETORT_INLINE void FewRowsOf(const Int8Part& part, int64_t n, int64_t t, int64_t rows) {
    if (rows == R) return FewRows<R>(part, n, t);
    if constexpr (R > 1) FewRowsOf<R - 1>(part, n, t, rows);
  }

  // Rows t .. t + R - 1.
  template <int R>
  static __attribute__((noinline)) void FewRows(const Int8Part& part, int64_t n, int64_t t) {
    const RowGroup* x[R];
    F acc[kParts][R];
    Unroll<R>([&](auto r) RETORT_LAMBDA {
      x[r] = part.x[t + r];
      Unroll<kParts>([&](auto p) RETORT_LAMBDA { acc[p][r] = V::Set(0); });
    });
    const uint8_t* at = PanelOf(part, n);
    const int64_t groups = part.cols / kGroup;
    for (int64_t g = 0; g < groups; g += kGroups) {
      const uint8_t* head = at;
      at += kHeadBytes;
      for (int64_t i = 0; i < kGroups; ++i) {
        Unroll<kParts>([&](auto p) RETORT_LAMBDA {
          Dot dot[R][kScales];
          Reader::Visit(at, p * kLanes, [&](auto j, auto step, I codes) RETORT_LAMBDA {
            const auto w = Dot::Prepare(codes);
            Unroll<R>([&](auto r) RETORT_LAMBDA {
              dot[r][kScales == 1 ? 0 : j.value / 4].template Add<step.value, Reader::kSteps>(
                  w, IV::Broadcast(x[r][g + i].q + 4 * j));
            });
          });
          const Scales scales = Reader::ReadScales(head, at, p * kLanes);
          Unroll<R>([&](auto r) RETORT_LAMBDA {
            acc[p][r] = Accumulate(acc[p][r], dot[r], scales, x[r][g + i]);
          });
        });
        at += kGroupBytes;
      }
    }
    Unroll<kParts>([&](auto p) RETORT_LAMBDA {
      Unroll<R>([&](auto r) RETORT_LAMBDA { Finish(part, t + r, n + p * kLanes, acc[p][r]); });
    });
  }

  static void Unpack(const uint8_t* super_block, int64_t groups, Unpacked& out) {
    for (int64_t g = 0; g < groups; g += kGroups) {
      const uint8_t* head = super_block;
      const uint8_t* at = head + kHeadBytes;
      for (int64_t i = g; i < g + kGroups; ++i) {
        Unroll<kParts>([&](auto p) RETORT_LAMBDA {
          Reader::Visit(at, p * kLanes, [&](auto j, auto, I codes) RETORT_LAMBDA {
            IV::Store(out.codes[i][j] + 4 * p * kLanes, codes);
          });
          const Scales scales = Reader::ReadScales(head, at, p * kLanes);
          Unroll<kScales>([&](auto s) RETORT_LAMBDA {
            V::Store(out.scale[i][s] + p * kLanes, scales.scale[s]);
            if constexpr (kOffsets) {
              V::Store(out.offset[i][s] + p * kLanes, scales.offset[s]);
            }
          });
        });
        at += kGroupBytes;
      }
      super_block += kSuperBlockBytes;
    }
  }

  // Rows t0 .. of the part, up to kInt8RowBlock, against one panel.
  static void ManyRows(const Int8Part& part, int64_t n, int64_t t0) {
    auto& unpacked = *reinterpret_cast<Unpacked*>(part.scratch);
    float* sums = part.scratch + sizeof(Unpacked) / sizeof(float);  // [rows, kPanelRows]
    const int64_t rows = Least(kInt8RowBlock, part.rows + part.rests - t0);
    const int64_t groups = part.cols / kGroup;
    const uint8_t* panel = PanelOf(part, n);
    for (int64_t g = 0; g < groups; g += kDepthGroups) {
      const int64_t count = Least(kDepthGroups, groups - g);
      Unpack(panel + g / kGroups * kSuperBlockBytes, count, unpacked);
      const int64_t tiles = (rows + IV::kTileRows - 1) / IV::kTileRows;
      for (int64_t tile = 0; tile < tiles; ++tile) {
        // Rows as evenly as possible over tiles: 7 rows are 4 + 3, not 6 + 1.
        const int64_t t = rows * tile / tiles;
        TileOf<IV::kTileRows>({.part = part,
                               .unpacked = unpacked,
                               .n = n,
                               .t = t0 + t,
                               .group = g,
                               .count = count,
                               .sums = sums + t * kPanelRows},
                              rows * (tile + 1) / tiles - t);
      }
    }
  }

  struct TileArgs {
    const Int8Part& part;
    const Unpacked& unpacked;
    int64_t n, t;
    int64_t group, count;  // groups that `unpacked` holds
    float* sums;           // [R, kPanelRows] accumulators between two stretches
  };

  template <int R>
  static RETORT_INLINE void TileOf(const TileArgs& args, int64_t rows) {
    if (rows == R) return Tile<R>(args);
    if constexpr (R > 1) TileOf<R - 1>(args, rows);
  }

  template <int R>
  static __attribute__((noinline)) void Tile(const TileArgs& args) {
    const RowGroup* x[R];
    Unroll<R>([&](auto r) RETORT_LAMBDA { x[r] = args.part.x[args.t + r] + args.group; });
    for (int p = 0; p < kParts; ++p) {
      F acc[R];
      Unroll<R>([&](auto r) RETORT_LAMBDA {
        acc[r] = args.group == 0 ? V::Set(0) : V::Load(args.sums + r * kPanelRows + p * kLanes);
      });
      for (int64_t g = 0; g < args.count; ++g) AddGroup<R>(args, g, p, x, acc);
      const bool last = (args.group + args.count) * kGroup == args.part.cols;
      Unroll<R>([&](auto r) RETORT_LAMBDA {
        if (last) {
          Finish(args.part, args.t + r, args.n + p * kLanes, acc[r]);
        } else {
          V::Store(args.sums + r * kPanelRows + p * kLanes, acc[r]);
        }
      });
    }
  }

  template <int R>
  static RETORT_INLINE void AddGroup(const TileArgs& args, int64_t g, int p,
                                     const RowGroup* const (&x)[R], F (&acc)[R]) {
    Dot dot[R][kScales];
    Unroll<kGroupVectors>([&](auto j) RETORT_LAMBDA {
      const auto w = Dot::Prepare(IV::Load(args.unpacked.codes[g][j] + 4 * p * kLanes));
      Unroll<R>([&](auto r) RETORT_LAMBDA {
        dot[r][kScales == 1 ? 0 : j.value / 4]
            .template Add<j.value % Reader::kSteps, Reader::kSteps>(
                w, IV::Broadcast(x[r][g].q + 4 * j));
      });
    });
    Scales scales;
    Unroll<kScales>([&](auto s) RETORT_LAMBDA {
      scales.scale[s] = V::Load(args.unpacked.scale[g][s] + p * kLanes);
      if constexpr (kOffsets) {
        scales.offset[s] = V::Load(args.unpacked.offset[g][s] + p * kLanes);
      }
    });
    Unroll<R>([&](auto r) RETORT_LAMBDA { acc[r] = Accumulate(acc[r], dot[r], scales, x[r][g]); });
  }
};

// The kernels of all types that have a packed form, in the order of DType.
template <class IV, size_t... kTypes>
constexpr std::array<Int8Function, kNumDTypes> Int8KernelsOf(std::index_sequence<kTypes...>) {
  const auto kernel = [](auto type) -> Int8Function {
    constexpr auto kType = static_cast<DType>(type.value);
    if constexpr (PanelFormatOf(kType).exists()) return &Int8MatMulKernel<IV, kType>::Run;
    return nullptr;
  };
  return {kernel(std::integral_constant<size_t, kTypes>{})...};
}

template <class IV>
constexpr Int8Kernels MakeInt8Kernels() {
  return {.mat_mul = Int8KernelsOf<IV>(std::make_index_sequence<kNumDTypes>{}),
          .quantize_row = &Int8Rows<IV>::Quantize,
          .multiply_add = &Int8Rows<IV>::MultiplyAdd};
}

}  // namespace retort::cpu

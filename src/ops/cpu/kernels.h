// The kernels of one level, as plain functions on plain arrays: what a level must bring, and all
// that the backend knows of it. Which thread does what is the backend's business; a kernel computes
// the part that it is given on the calling thread.
//
// Promise of every kernel: the bits of a result depend on its inputs alone, never on which other
// rows or outputs are computed in the same call.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ops/cpu/int8_rows.h"
#include "tensor/dtype.h"

namespace retort::cpu {

// out[t][n] = x[t] · weight row n (+ bias[n]) for outputs begin .. end-1.
struct MatMulPart {
  const std::byte* weight = nullptr;  // row 0 of the matrix [N, K] in its packed form
  size_t row_bytes = 0;
  int64_t cols = 0;  // K
  int64_t begin = 0, end = 0;
  const float* const* x = nullptr;  // [T] rows of K floats
  float* const* out = nullptr;      // [T] rows of N floats
  int64_t rows = 0;                 // T >= 1
  const float* bias = nullptr;      // [N], or null
  bool accumulate = false;          // add to what out holds
  float* scratch = nullptr;         // kMatMulScratch floats, aligned to 64 bytes
};

// Sizes of the many-row product: panels of weights are decoded to floats, small enough for the
// second-level cache together with the sums of a block of rows.
inline constexpr int64_t kPanelOutputs = 32;
inline constexpr int64_t kPanelDepth = 1024;
inline constexpr int64_t kRowBlock = 192;
inline constexpr int64_t kMaxLanes = 16;
inline constexpr int64_t kMatMulScratch =
    kPanelOutputs * kPanelDepth + kRowBlock * kPanelOutputs * kMaxLanes;

// The same for prompt rows only, with activations that pack_rows brought into the level's own form:
// groups of sixteen rows, each group 16 * K numbers of 16 bits; K is a multiple of 32.
struct PromptPart {
  const std::byte* weight = nullptr;  // row 0 of the matrix [N, K] in its packed form
  size_t row_bytes = 0;
  int64_t cols = 0;  // K
  int64_t begin = 0, end = 0;
  const uint16_t* x = nullptr;  // [T/16 rounded up] groups
  float* const* out = nullptr;  // [T] rows of N floats
  int64_t rows = 0;             // T >= 1
  const float* bias = nullptr;  // [N], or null
  bool accumulate = false;      // add to what out holds
  float* scratch = nullptr;     // kPromptScratch floats, aligned to 64 bytes
};

inline constexpr int64_t kPackedRows = 16;
inline constexpr int64_t kPackedDepth = 32;
inline constexpr int64_t kPromptOutputs = 128;
inline constexpr int64_t kPromptDepth = 512;
inline constexpr int64_t kPromptRows = 512;
inline constexpr int64_t kPromptScratch =
    kPromptOutputs * kPromptDepth / 2 + kPromptOutputs * kPromptRows;

// Products of rows of 8 bits (int8_rows.h) with a matrix in panels (panels.h).
struct Int8Part {
  const std::byte* panels = nullptr;   // of the whole matrix [N, K]
  int64_t cols = 0;                    // K
  int64_t begin = 0, end = 0;          // outputs; begin is that of a panel, end that of one or N
  const RowGroup* const* x = nullptr;  // [T + rests] rows of K / 32 groups
  float* const* out = nullptr;         // [T + rests] rows of N floats
  int64_t rows = 0;                    // T >= 1
  int64_t rests = 0;                   // further rows, whose products are just stored
  const float* bias = nullptr;         // [N], or null
  bool accumulate = false;             // add to what out holds
  float* scratch = nullptr;            // kInt8Scratch floats, aligned to 64 bytes
};

inline constexpr int64_t kInt8Depth = 256;  // of a panel that is unpacked at a time
inline constexpr int64_t kInt8RowBlock = 512;
// Codes as bytes, up to two scales and two offsets a group, sums of a block of rows.
inline constexpr int64_t kInt8Scratch =
    kInt8Depth * kPanelRows / 4 + kInt8Depth / kGroup * 4 * kPanelRows + kInt8RowBlock * kPanelRows;

// Attention of one key/value head: the query heads that share it, for some rows of one sequence.
struct AttentionPart {
  const float* const* q = nullptr;     // [M] queries of Dh floats
  float* const* out = nullptr;         // [M] results of Dh floats
  const int64_t* length = nullptr;     // [M] positions that each query sees; ascending, >= 1
  int64_t queries = 0;                 // M <= kMaxQueries
  const uint16_t* const* k = nullptr;  // [length of the last] keys of Dh halves, by position
  const uint16_t* const* v = nullptr;  // the same for values
  int64_t head_dim = 0;                // Dh <= kMaxHeadDim
  float scale = 0;                     // of the scores
  float* scratch = nullptr;            // kAttentionScratch floats, aligned to 64 bytes
};

inline constexpr int64_t kMaxQueries = 48;
inline constexpr int64_t kMaxHeadDim = 256;
inline constexpr int64_t kKeyTile = 64;  // positions that are handled together
inline constexpr int64_t kAttentionScratch =
    2 * kKeyTile * kMaxHeadDim +                                 // keys and values as floats
    kMaxQueries * (2 * kMaxHeadDim + kKeyTile + 2 * kMaxLanes);  // queries, sums, scores, state

using MatMulFunction = void (*)(const MatMulPart&);
using PromptFunction = void (*)(const PromptPart&);
using Int8Function = void (*)(const Int8Part&);

struct KernelTable {
  const char* level = nullptr;
  std::array<MatMulFunction, kNumDTypes> mat_mul = {};  // by DType of the weight
  // Prompt rows may have a faster arithmetic of their own; null if they are treated like all
  // others.
  std::array<PromptFunction, kNumDTypes> prompt_mat_mul = {};
  void (*pack_rows)(const float* const* x, int64_t rows, int64_t cols, uint16_t* out) = nullptr;
  // Quantised types in panels, for all rows; null where a level reads them as they are.
  std::array<Int8Function, kNumDTypes> int8_mat_mul = {};
  QuantizeRowFunction quantize_row = nullptr;
  void (*attention)(const AttentionPart&) = nullptr;
  void (*rms_norm)(const float* x, const float* weight, float eps, int64_t cols,
                   float* out) = nullptr;
  void (*swi_glu)(const float* gate, const float* up, int64_t count, float* out) = nullptr;
  void (*to_f16)(const float* x, int64_t count, uint16_t* out) = nullptr;
  // For the measurement of the machine's limits (peak.h): the sum of `count` floats, count a
  // multiple of 1024, and `steps` rounds of independent multiply-adds.
  float (*read_all)(const float* data, int64_t count) = nullptr;
  int64_t (*multiply_add)(int64_t steps, float* sink) = nullptr;  // floating-point operations done
  int64_t (*prompt_multiply_add)(int64_t steps) = nullptr;  // null without kernels for prompts
  // Operations on integers, where rows are of 8 bits; `sink` as long as a vector.
  int64_t (*int8_multiply_add)(int64_t steps, int32_t* sink) = nullptr;
};

const KernelTable& ScalarKernels();
#if defined(__x86_64__)
const KernelTable& Avx2Kernels();
const KernelTable& Avx512Kernels();
const KernelTable& VnniKernels();
const KernelTable& AmxKernels();
#endif

}  // namespace retort::cpu

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
  const std::byte* weight = nullptr;  // the matrix [N, K]: row 0 as in the file, or its panels
  size_t row_bytes = 0;               // of a row as in the file
  int64_t cols = 0;                   // K
  int64_t begin = 0, end = 0;         // begin is that of a panel
  const uint16_t* x = nullptr;        // [T/16 rounded up] groups
  float* const* out = nullptr;        // [T] rows of N floats
  int64_t rows = 0;                   // T >= 1
  const float* bias = nullptr;        // [N], or null
  bool accumulate = false;            // add to what out holds
  float* scratch = nullptr;           // kPromptScratch floats, aligned to 64 bytes
};

inline constexpr int64_t kPackedRows = 16;
inline constexpr int64_t kPackedDepth = 32;
// Sizes of what is unpacked and summed up at a time: 128 KiB of weights and 512 of sums, for the
// second-level cache, and by tiles 16 KiB of weights and of rows, for the first. Tried on the 1.5B,
// prompts of 512: outputs x depth of 128 x 512 (531 tokens/s), 128 x 256 (569), 256 x 256 (610),
// 256 x 512 (563).
inline constexpr int64_t kPromptOutputs = 256;
inline constexpr int64_t kPromptDepth = 256;
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
// The positions go by splits of kAttentionSplit, counted from the start of the sequence: a split's
// result is made alone and then merged with those before it, so splits may be shared out over
// threads without a trace in the bits.
struct AttentionPart {
  const float* const* q = nullptr;      // [M] queries of Dh floats
  float* const* out = nullptr;          // [M] results of Dh floats
  const int64_t* length = nullptr;      // [M] positions that each query sees; ascending, >= 1
  int64_t queries = 0;                  // M <= kMaxQueries
  const std::byte* const* k = nullptr;  // [blocks of the last] keys of the head: kv_slab_inl.h
  const std::byte* const* v = nullptr;  // the same for values
  int64_t block_size = 0;
  bool k_int8 = false, v_int8 = false;  // kQ8_0, else kF16; wants Dh a multiple of 32
  int64_t head_dim = 0;                 // Dh <= kMaxHeadDim
  float scale = 0;                      // of the scores
  // Where splits are shared out: begin .. end-1 are computed, and their results written to
  // `states`, [splits of the last query, M, AttentionState(Dh)]. Else all, to `out`.
  int64_t begin = 0, end = 0;
  float* states = nullptr;
  float* scratch = nullptr;  // kAttentionScratch floats, aligned to 64 bytes
};

inline constexpr int64_t kMaxQueries = 48;
inline constexpr int64_t kMaxHeadDim = 256;
inline constexpr int64_t kKeyTile = 32;  // positions that are turned to floats together
inline constexpr int64_t kAttentionSplit = 256;
// Floats of what is known of a query after some splits: weighted values, greatest score, sum of
// weights.
constexpr int64_t AttentionState(int64_t head_dim) { return (head_dim + 31) / 32 * 32 + 16; }
inline constexpr int64_t kAttentionScratch =
    kKeyTile * kMaxHeadDim +  // keys or values as floats
    kMaxQueries * (kMaxHeadDim + kAttentionSplit + 2 * AttentionState(kMaxHeadDim));

// Rows of keys and values of one head to neighbouring slots of a block.
struct StoreKvPart {
  const float* k = nullptr;  // [rows] of Dh floats, row_stride apart
  const float* v = nullptr;
  int64_t row_stride = 0;
  int64_t rows = 0;
  int64_t head_dim = 0;
  int64_t block_size = 0, slot = 0;
  bool k_int8 = false, v_int8 = false;
  std::byte* k_slab = nullptr;
  std::byte* v_slab = nullptr;
};

using MatMulFunction = void (*)(const MatMulPart&);
using PromptFunction = void (*)(const PromptPart&);
using Int8Function = void (*)(const Int8Part&);

// Products of 8-bit rows, for all rows. They have translation units of their own, int8_*.cpp.
struct Int8Kernels {
  std::array<Int8Function, kNumDTypes> mat_mul = {};  // by DType of the weight; null if not packed
  QuantizeRowFunction quantize_row = nullptr;
  // As KernelTable::multiply_add, with the instructions of mat_mul; `sink` as long as a vector.
  int64_t (*multiply_add)(int64_t steps, int32_t* sink) = nullptr;
};

// Prompt rows in an arithmetic of their own, by matrices that lie in one of the two ways.
struct PromptKernels {
  std::array<PromptFunction, kNumDTypes> mat_mul = {};  // by DType; null for those of the other way
  // Up to sixteen rows of x [K] to one group of the form that mat_mul takes.
  void (*pack_rows)(const float* const* x, int64_t rows, int64_t cols, uint16_t* out) = nullptr;
};

struct KernelTable {
  const char* level = nullptr;
  std::array<MatMulFunction, kNumDTypes> mat_mul = {};  // by DType; null for those that are packed
  const Int8Kernels* int8 = nullptr;
  // Null if prompt rows are treated like all others. Of matrices as in the file, and of packed
  // ones.
  const PromptKernels* prompt = nullptr;
  const PromptKernels* prompt_panels = nullptr;
  void (*attention)(const AttentionPart&) = nullptr;
  // The states of all splits to `out`.
  void (*merge_attention)(const AttentionPart&) = nullptr;
  void (*store_kv)(const StoreKvPart&) = nullptr;
  void (*rms_norm)(const float* x, const float* weight, float eps, int64_t cols,
                   float* out) = nullptr;
  void (*swi_glu)(const float* gate, const float* up, int64_t count, float* out) = nullptr;
  // For the measurement of the machine's limits (peak.h): the sum of `count` floats, count a
  // multiple of 1024, and `steps` rounds of independent multiply-adds.
  float (*read_all)(const float* data, int64_t count) = nullptr;
  int64_t (*multiply_add)(int64_t steps, float* sink) = nullptr;  // floating-point operations done
  int64_t (*prompt_multiply_add)(int64_t steps) = nullptr;  // null without kernels for prompts
};

const KernelTable& ScalarKernels();
const Int8Kernels& ScalarInt8Kernels();
#if defined(__x86_64__)
const KernelTable& Avx2Kernels();
const KernelTable& Avx512Kernels();
const KernelTable& VnniKernels();
const KernelTable& AmxKernels();
const Int8Kernels& Avx2Int8Kernels();
const Int8Kernels& VnniInt8Kernels();
#endif

}  // namespace retort::cpu

// The one seam of computation: memory plus a few coarse operations on it, each taking an Args
// struct. Everything above it is written once for all devices.
//
//   auto backend = CreateCpuBackend({.num_threads = 2});
//   Tensor out = backend->NewTensor(DType::kF32, {rows, n});
//   auto w = backend->Pack(view_of_the_file, "blk.0.attn_q.weight",
//                          MatrixUse::kMultiply);
//   const MatMulTarget targets[] = {{.weight = w.get(), .out = out.view()}};
//   backend->MatMul({.x = x, .roles = step.roles, .targets = targets});
//
// Contract, tested for every backend and instruction set against `reference`:
//  - Activations are F32 unless a backend documents otherwise. T may be any number >= 1; buffers
//  may
//    have more rows than the step uses.
//  - The result of a row is a function of that row's inputs and role only: bit-equal whatever other
//    rows, chunking or block placement (ARCHITECTURE.md, invariant 1).
//  - Operations return nothing. Shapes are CHECKed; a device failure surfaces at Host().
//  - Calls are ordered; nothing waits for the device before Host().
// Not thread-safe: one caller at a time.
//
// Room left for what comes: a backend may pack weights (Pack), fuse inside a coarse operation
// (RopeAndStoreKv, MatMul with several targets), keep tensors on a device (Host), and read the
// step's integers once per step (BeginStep). MLA, MoE and collective operations are further virtual
// functions beside these.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ops/step.h"
#include "tensor/kv_types.h"
#include "tensor/tensor.h"

namespace retort {

// A weight matrix [rows = out features, cols = in features] in the backend's own form.
class PackedMatrix {
 public:
  virtual ~PackedMatrix() = default;
  int64_t rows() const { return rows_; }
  int64_t cols() const { return cols_; }
  DType dtype() const { return dtype_; }  // of the source
  // Bytes that the backend holds beside the source it was made from.
  virtual size_t owned_bytes() const = 0;
  // Whether products read the source in place. If not, only Embed still reads single rows of it.
  virtual bool multiplies_source() const = 0;

 protected:
  PackedMatrix(int64_t rows, int64_t cols, DType dtype) : rows_(rows), cols_(cols), dtype_(dtype) {}

 private:
  int64_t rows_, cols_;
  DType dtype_;
};

// What a matrix will be used for, so that a backend need not prepare it for what never comes.
enum class MatrixUse : uint8_t {
  kLookUp,    // Embed only
  kMultiply,  // MatMul only
  kBoth,
};

struct EmbedArgs {
  const PackedMatrix* table = nullptr;  // [V, D]
  std::span<const int32_t> tokens;      // [T], each in [0, V)
  TensorView out;                       // [T, D]
};

struct RmsNormArgs {
  ConstTensorView x;       // [T, D]
  ConstTensorView weight;  // [D] F32
  float eps = 0;
  TensorView out;  // [T, D], may be x
};

struct MatMulTarget {
  const PackedMatrix* weight = nullptr;  // [N, K]
  ConstTensorView bias = {};             // [N] F32, or empty
  TensorView out;                        // [T, N]
  bool accumulate = false;               // out += instead of out = (residual connections)
};

// out = x · weightᵀ (+ bias) for several matrices that share their input (q, k, v; gate, up).
struct MatMulArgs {
  ConstTensorView x;               // [T, K]
  std::span<const RowRole> roles;  // [T]
  std::span<const MatMulTarget> targets;
  // What follows magnifies errors, as the exponentials of attention do those of queries and keys: a
  // backend that rounds x should round less.
  bool precise = false;
};

enum class RopeLayout : uint8_t {
  kHalfSplit,    // pairs (i, i + Dh/2): Hugging Face, Qwen2 GGUF
  kInterleaved,  // pairs (2i, 2i + 1): Llama GGUF, DeepSeek
};

// The key/value cache of one layer, in blocks of B tokens.
struct KvView {
  TensorView k;  // [blocks, Hkv, B, Dh] of kv_types().k
  TensorView v;  // [blocks, Hkv, B, Dh] of kv_types().v; how a block is laid out is the backend's
};

// Rotates q and k by their positions and stores k and v at their places in the cache.
struct RopeAndStoreKvArgs {
  const StepView* step = nullptr;
  TensorView q;              // [T, H * Dh], rotated in place
  TensorView k;              // [T, Hkv * Dh], rotated in place
  ConstTensorView v;         // [T, Hkv * Dh]
  ConstTensorView inv_freq;  // [rotary size / 2] F32: angle = position * inv_freq
  float rope_scale = 1;      // multiplies cos and sin (YaRN's attention factor)
  RopeLayout layout = RopeLayout::kHalfSplit;
  int head_dim = 0;
  KvView kv;
};

// Causal attention of each row over its sequence's cache, up to and including its own position.
struct AttentionArgs {
  const StepView* step = nullptr;
  ConstTensorView q;  // [T, H * Dh]
  KvView kv;          // already holds this step's keys and values
  int num_heads = 0;
  int num_kv_heads = 0;  // divides num_heads; query head h reads kv head h / (H / Hkv)
  int head_dim = 0;
  float scale = 0;  // of q·k, usually Dh^-0.5
  TensorView out;   // [T, H * Dh]
};

// out = silu(gate) * up
struct SwiGluArgs {
  ConstTensorView gate;  // [T, F]
  ConstTensorView up;    // [T, F]
  TensorView out;        // [T, F], may be gate
};

struct GatherRowsArgs {
  ConstTensorView x;              // [T, D]
  std::span<const int32_t> rows;  // [R]
  TensorView out;                 // [R, D]
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string_view name() const = 0;  // "reference", "cpu"
  // What it runs on, for reports: "cpu avx512, 2 threads".
  virtual std::string description() const = 0;
  virtual KvTypes kv_types() const = 0;

  // Zeroed memory on the device. Throws kResourceExhausted, naming the size.
  virtual Tensor NewTensor(DType dtype, const Shape& shape) = 0;
  // A copy on the device, converted to F32 (norm weights, biases).
  virtual Tensor UploadF32(ConstTensorView host) = 0;
  // Takes a matrix of any DType. The source must outlive the result. `name` serves error messages.
  virtual std::unique_ptr<PackedMatrix> Pack(ConstTensorView host, const std::string& name,
                                             MatrixUse use) = 0;
  // The floats of `view` where the host can read them, once all calls before are done. Valid until
  // the next call on this backend.
  virtual std::span<const float> Host(ConstTensorView view) = 0;
  // Announces the step that the following operations belong to.
  virtual void BeginStep(const StepView& step) = 0;

  virtual void Embed(const EmbedArgs& args) = 0;
  virtual void RmsNorm(const RmsNormArgs& args) = 0;
  virtual void MatMul(const MatMulArgs& args) = 0;
  virtual void RopeAndStoreKv(const RopeAndStoreKvArgs& args) = 0;
  virtual void Attention(const AttentionArgs& args) = 0;
  virtual void SwiGlu(const SwiGluArgs& args) = 0;
  virtual void GatherRows(const GatherRowsArgs& args) = 0;
};

}  // namespace retort

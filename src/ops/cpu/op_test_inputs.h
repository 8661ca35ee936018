// Inputs for tests of backends: seeded random tensors, packed matrices, steps with scattered
// blocks.
#pragma once

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/rng.h"
#include "ops/backend.h"
#include "quant/codec.h"

namespace retort {

// The u of the tests' bounds: the relative error of one float operation.
inline constexpr double kU = 0x1p-24;

// A matrix in host memory that backends can pack and upload.
struct HostArray {
  std::vector<std::byte> bytes;
  DType dtype = DType::kF32;
  Shape shape;

  ConstTensorView view() const { return {bytes.data(), dtype, shape}; }
};

// Uniform in [-scale, scale], rounded to what `dtype` can hold.
inline HostArray RandomArray(uint64_t seed, DType dtype, const Shape& shape, double scale = 1) {
  HostArray array{{}, dtype, shape};
  const int64_t cols = shape.back();
  const size_t row_bytes = RowBytes(dtype, static_cast<size_t>(cols));
  array.bytes.resize(row_bytes * static_cast<size_t>(shape.rows()));
  Rng rng(seed);
  std::vector<float> row(static_cast<size_t>(cols));
  for (int64_t r = 0; r < shape.rows(); ++r) {
    for (float& x : row) x = static_cast<float>(scale * (2 * rng.Uniform() - 1));
    QuantizeRow(dtype, row.data(), cols, array.bytes.data() + static_cast<size_t>(r) * row_bytes);
  }
  return array;
}

// Activations [rows, cols].
inline HostArray RandomRows(uint64_t seed, int64_t rows, int64_t cols, double scale = 1) {
  Shape shape;
  shape.Append(rows);
  shape.Append(cols);
  return RandomArray(seed, DType::kF32, shape, scale);
}

inline std::vector<float> ToFloats(ConstTensorView view) {
  std::vector<float> out(static_cast<size_t>(view.shape.size()));
  const int64_t cols = view.shape.back();
  for (int64_t r = 0; r < view.shape.rows(); ++r) {
    DequantizeRow(view.dtype, view.data + static_cast<size_t>(r) * view.row_bytes(), cols,
                  out.data() + r * cols);
  }
  return out;
}

// What `tensor` holds on its backend.
inline std::vector<float> Copy(Backend& backend, const Tensor& tensor) {
  const std::span<const float> values = backend.Host(tensor.view());
  return {values.begin(), values.end()};
}

inline double Norm(const float* x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]) * x[i];
  return std::sqrt(sum);
}

// A step of several sequences, each with `cached` tokens before its `rows` new ones, in blocks
// scattered by `placement`.
struct TestStep {
  struct Sequence {
    int32_t cached = 0, rows = 1;
    RowRole role = RowRole::kPrompt;
  };

  TestStep(const std::vector<Sequence>& sequences, int32_t block, uint64_t placement = 1)
      : block_size(block) {
    for (const Sequence& s : sequences) {
      for (int32_t i = 0; i < s.rows; ++i) {
        tokens.push_back(0);
        positions.push_back(s.cached + i);
        roles.push_back(s.role);
      }
      query_start.push_back(static_cast<int32_t>(tokens.size()));
      kv_len.push_back(s.cached + s.rows);
      stride = std::max(stride, (kv_len.back() + block - 1) / block);
    }
    num_blocks = stride * static_cast<int32_t>(sequences.size()) + 3;
    std::vector<int32_t> ids(static_cast<size_t>(num_blocks));
    for (size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int32_t>(i);
    Rng rng(placement);
    for (size_t i = ids.size(); i > 1; --i) {
      std::swap(ids[i - 1], ids[static_cast<size_t>(rng.Int(0, static_cast<int64_t>(i) - 1))]);
    }
    table.assign(ids.begin(), ids.begin() + stride * static_cast<int32_t>(sequences.size()));
  }

  StepView view() const { return {tokens, positions, roles, query_start, kv_len, table, stride}; }
  int64_t num_rows() const { return static_cast<int64_t>(tokens.size()); }

  int32_t block_size, stride = 1, num_blocks = 0;
  std::vector<int32_t> tokens, positions, query_start = {0}, kv_len, table;
  std::vector<RowRole> roles;
};

// Key/value heads and sizes of an attention.
struct HeadShape {
  int heads, kv_heads, head_dim;
};

// A cache on `backend` whose contents depend on (sequence, position, head) only, not on where the
// blocks lie. The numbers are such as `rounding` holds, so a cache of those types and a more
// precise one hold the same.
struct TestCache {
  TestCache(Backend& backend, const TestStep& step, const HeadShape& shape, KvTypes rounding = {})
      : k(backend.NewTensor(backend.kv_types().k,
                            {step.num_blocks, shape.kv_heads, step.block_size, shape.head_dim})),
        v(backend.NewTensor(backend.kv_types().v, k.shape())) {
    for (size_t s = 0; s < step.kv_len.size(); ++s) {
      const int64_t length = step.kv_len[s], cols = shape.kv_heads * shape.head_dim;
      const HostArray keys = Contents(2 * s, length, shape, rounding.k);
      const HostArray values = Contents(2 * s + 1, length, shape, rounding.v);
      // What a prompt of that length would store; with an angle of zero nothing is rotated.
      TestStep prompt({{.cached = 0, .rows = static_cast<int32_t>(length)}}, step.block_size);
      prompt.stride = step.stride;
      prompt.table.assign(step.table.begin() + static_cast<int64_t>(s) * step.stride,
                          step.table.begin() + static_cast<int64_t>(s + 1) * step.stride);
      const StepView view = prompt.view();
      Tensor tk = backend.UploadF32(keys.view());
      Tensor q = backend.NewTensor(DType::kF32, {length, cols});
      const float none = 0;
      backend.BeginStep(view);
      backend.RopeAndStoreKv(
          {.step = &view,
           .q = q.view(),
           .k = tk.view(),
           .v = values.view(),
           .inv_freq = {reinterpret_cast<const std::byte*>(&none), DType::kF32, {1}},
           .head_dim = shape.head_dim,
           .kv = this->view()});
    }
  }
  KvView view() { return {k.view(), v.view()}; }

  // [length, Hkv * Dh]
  static HostArray Contents(uint64_t seed, int64_t length, const HeadShape& shape, DType rounding) {
    HostArray floats{{}, DType::kF32, {length, shape.kv_heads * shape.head_dim}};
    floats.bytes.resize(sizeof(float) * static_cast<size_t>(floats.shape.size()));
    std::vector<float> head(static_cast<size_t>(shape.head_dim));
    std::vector<std::byte> rounded(RowBytes(rounding, head.size()));
    auto* out = reinterpret_cast<float*>(floats.bytes.data());
    for (int64_t j = 0; j < length; ++j) {
      for (int64_t h = 0; h < shape.kv_heads; ++h, out += shape.head_dim) {
        for (int64_t d = 0; d < shape.head_dim; ++d) {
          const auto key = static_cast<uint64_t>(((j * 64 + h) * 512) + d);
          head[static_cast<size_t>(d)] = static_cast<float>(4 * RandomUniform(seed, key) - 2);
        }
        QuantizeRow(rounding, head.data(), shape.head_dim, rounded.data());
        DequantizeRow(rounding, rounded.data(), shape.head_dim, out);
      }
    }
    return floats;
  }

  Tensor k, v;
};

// Keys or values of a cache as [blocks, Hkv, B, Dh], however the backend lays them out: in a cache
// of halves of the cpu backend, a block's keys of a head are [Dh, B].
inline std::vector<float> CacheToFloats(ConstTensorView cache, bool keys) {
  std::vector<float> all = ToFloats(cache);
  if (!keys || cache.dtype != DType::kF16) return all;
  const int64_t size = cache.shape[2], dim = cache.shape[3];
  std::vector<float> slab(static_cast<size_t>(size * dim));
  for (auto at = all.begin(); at != all.end(); at += size * dim) {
    for (int64_t i = 0; i < size * dim; ++i)
      slab[static_cast<size_t>(i)] = at[i % dim * size + i / dim];
    std::copy(slab.begin(), slab.end(), at);
  }
  return all;
}

}  // namespace retort

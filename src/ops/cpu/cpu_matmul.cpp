#include "ops/cpu/cpu_matmul.h"

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "ops/cpu/cpu_matrix.h"

namespace retort::cpu {
namespace {

const CpuMatrix& MatrixOf(const MatMulTarget& target) {
  return static_cast<const CpuMatrix&>(*target.weight);
}

const float* BiasOf(const MatMulTarget& target) {
  return target.bias.empty() ? nullptr : target.bias.f32();
}

// Pointers to the given rows of a matrix.
template <class Float>
std::vector<Float*> RowPointers(Float* data, int64_t cols, const std::vector<int64_t>& rows) {
  std::vector<Float*> pointers;
  pointers.reserve(rows.size());
  for (const int64_t t : rows) pointers.push_back(data + t * cols);
  return pointers;
}

// At least `floats`; keeps what it has if that is enough.
float* Grow(Tensor& tensor, int64_t floats) {
  if (tensor.bytes() < static_cast<size_t>(floats) * sizeof(float)) {
    tensor = NewHostTensor(DType::kF32, {floats});
  }
  return tensor.view().f32();
}

std::vector<std::vector<float*>> OutputPointers(std::span<const MatMulTarget> targets,
                                                const std::vector<int64_t>& rows) {
  std::vector<std::vector<float*>> out;
  for (const MatMulTarget& target : targets) {
    out.push_back(RowPointers(target.out.f32(), target.weight->rows(), rows));
  }
  return out;
}

}  // namespace

void CpuMatMul::Run(const MatMulArgs& args) {
  std::vector<MatMulTarget> packed, others;
  for (const MatMulTarget& target : args.targets) {
    // A table that is only looked up was not packed, and cannot be multiplied by then.
    RETORT_CHECK(MatrixOf(target).packed() ||
                 kernels_.mat_mul[static_cast<size_t>(target.weight->dtype())] != nullptr);
    (MatrixOf(target).packed() ? packed : others).push_back(target);
  }
  const bool whole_tiles = args.x.shape[1] % kPackedDepth == 0;
  if (!packed.empty()) {
    const auto [prompt, rest] = Share(args, kernels_.prompt_panels != nullptr && whole_tiles);
    if (!rest.empty()) MultiplyInt8Rows(args, packed, rest);
    if (!prompt.empty()) MultiplyPromptRows(args, packed, prompt, *kernels_.prompt_panels);
  }
  if (!others.empty()) {
    const auto [prompt, rest] = Share(args, kernels_.prompt != nullptr && whole_tiles);
    if (!rest.empty()) MultiplyFloatRows(args, others, rest);
    if (!prompt.empty()) MultiplyPromptRows(args, others, prompt, *kernels_.prompt);
  }
}

CpuMatMul::Shares CpuMatMul::Share(const MatMulArgs& args, bool has_prompt_kernels) {
  Shares shares;
  for (size_t t = 0; t < args.roles.size(); ++t) {
    const bool is_prompt = has_prompt_kernels && args.roles[t] == RowRole::kPrompt;
    (is_prompt ? shares.prompt : shares.rest).push_back(static_cast<int64_t>(t));
  }
  return shares;
}

// body(thread, chunk, target, rows of out) for all pieces of the product.
template <class Body>
void CpuMatMul::ForEachChunk(Targets targets, const Outputs& out,
                             const std::vector<MatMulChunk>& chunks, int64_t cols,
                             const Body& body) {
  const int64_t elements = cols * static_cast<int64_t>(out.front().size() * chunks.size()) * 16;
  workers_.ForEach(static_cast<int64_t>(chunks.size()), elements, [&](int thread, int64_t i) {
    const MatMulChunk& chunk = chunks[static_cast<size_t>(i)];
    body(thread, chunk, targets[chunk.target], out[chunk.target].data());
  });
}

void CpuMatMul::MultiplyFloatRows(const MatMulArgs& args, Targets targets, const Rows& rows) {
  const int64_t cols = args.x.shape[1];
  const auto x = RowPointers(args.x.f32(), cols, rows);
  const auto count = static_cast<int64_t>(rows.size());
  ForEachChunk(
      targets, OutputPointers(targets, rows), CutMatMul(targets, count, workers_.num_threads()),
      cols,
      [&](int thread, const MatMulChunk& chunk, const MatMulTarget& target, float* const* out) {
        const CpuMatrix& weight = MatrixOf(target);
        kernels_.mat_mul[static_cast<size_t>(weight.dtype())](
            {.weight = weight.row(0),
             .row_bytes = weight.row_bytes(),
             .cols = cols,
             .begin = chunk.begin,
             .end = chunk.end,
             .x = x.data(),
             .out = out,
             .rows = count,
             .bias = BiasOf(target),
             .accumulate = target.accumulate,
             .scratch = workers_.Scratch(thread)});
      });
}

void CpuMatMul::MultiplyPromptRows(const MatMulArgs& args, Targets targets, const Rows& rows,
                                   const PromptKernels& kernels) {
  const int64_t cols = args.x.shape[1];
  const auto x = RowPointers(args.x.f32(), cols, rows);
  const auto count = static_cast<int64_t>(rows.size());
  const int64_t groups = (count + kPackedRows - 1) / kPackedRows;
  const int64_t group_size = kPackedRows * cols;
  auto* packed = reinterpret_cast<uint16_t*>(Grow(packed_rows_, groups * group_size / 2));
  workers_.ForEach(groups, groups * group_size, [&](int, int64_t g) {
    const int64_t first = g * kPackedRows;
    kernels.pack_rows(x.data() + first, std::min(kPackedRows, count - first), cols,
                      packed + g * group_size);
  });
  ForEachChunk(
      targets, OutputPointers(targets, rows), CutPromptMatMul(targets, workers_.num_threads()),
      cols,
      [&](int thread, const MatMulChunk& chunk, const MatMulTarget& target, float* const* out) {
        const CpuMatrix& weight = MatrixOf(target);
        kernels.mat_mul[static_cast<size_t>(weight.dtype())](
            {.weight = weight.packed() ? weight.panels() : weight.row(0),
             .row_bytes = weight.row_bytes(),
             .cols = cols,
             .begin = chunk.begin,
             .end = chunk.end,
             .x = packed,
             .out = out,
             .rows = count,
             .bias = BiasOf(target),
             .accumulate = target.accumulate,
             .scratch = workers_.Scratch(thread)});
      });
}

// Fills quantized_rows_: of rows[i] as it is rounded at [i], what that leaves of it at [rows + i]
// for the i that are returned.
CpuMatMul::Rows CpuMatMul::QuantizeRows(const MatMulArgs& args, const Rows& rows) {
  const int64_t cols = args.x.shape[1], groups = cols / kGroup;
  const auto count = static_cast<int64_t>(rows.size());
  constexpr auto kFloats = static_cast<int64_t>(sizeof(RowGroup) / sizeof(float));
  auto* out = reinterpret_cast<RowGroup*>(Grow(quantized_rows_, 2 * count * groups * kFloats));
  std::vector<uint8_t> has_rest(rows.size());
  workers_.ForEach(count, count * cols, [&](int, int64_t i) {
    has_rest[static_cast<size_t>(i)] =
        kernels_.int8->quantize_row(args.x.f32() + rows[static_cast<size_t>(i)] * cols, cols,
                                    args.precise, out + i * groups, out + (count + i) * groups);
  });
  Rows with_rest;
  for (int64_t i = 0; i < count; ++i) {
    if (has_rest[static_cast<size_t>(i)] != 0) with_rest.push_back(i);
  }
  return with_rest;
}

// These rows and all rests in one pass over the weights; then what the rests gave is added.
void CpuMatMul::MultiplyInt8Rows(const MatMulArgs& args, Targets targets, const Rows& rows) {
  const Rows with_rest = QuantizeRows(args, rows);
  const auto all = static_cast<int64_t>(rows.size());
  const auto rests = static_cast<int64_t>(with_rest.size());
  Rows places(rows.size());  // in quantized_rows_
  std::iota(places.begin(), places.end(), 0);
  for (const int64_t i : with_rest) places.push_back(all + i);
  Outputs out = OutputPointers(targets, rows);
  const int64_t cols = args.x.shape[1];
  const auto* quantized = reinterpret_cast<const RowGroup*>(quantized_rows_.view().f32());
  const auto x = RowPointers(quantized, cols / kGroup, places);
  AddRestOutputs(targets, rests, &out);
  ForEachChunk(
      targets, out, CutMatMul(targets, all + rests, workers_.num_threads()), cols,
      [&](int thread, const MatMulChunk& chunk, const MatMulTarget& target, float* const* outputs) {
        const CpuMatrix& weight = MatrixOf(target);
        kernels_.int8->mat_mul[static_cast<size_t>(weight.dtype())](
            {.panels = weight.panels(),
             .cols = cols,
             .begin = chunk.begin,
             .end = chunk.end,
             .x = x.data(),
             .out = outputs,
             .rows = all,
             .rests = rests,
             .bias = BiasOf(target),
             .accumulate = target.accumulate,
             .scratch = workers_.Scratch(thread)});
        for (int64_t r = 0; r < rests; ++r) {
          float* to = outputs[with_rest[static_cast<size_t>(r)]];
          const float* from = outputs[all + r];
          for (int64_t n = chunk.begin; n < chunk.end; ++n) to[n] += from[n];
        }
      });
}

// Appends rows of rest_products_ to the outputs of each target.
void CpuMatMul::AddRestOutputs(Targets targets, int64_t rests, Outputs* out) {
  if (rests == 0) return;
  int64_t outputs = 0;
  for (const MatMulTarget& target : targets) outputs += target.weight->rows();
  float* next = Grow(rest_products_, rests * outputs);
  for (size_t i = 0; i < targets.size(); ++i) {
    for (int64_t r = 0; r < rests; ++r, next += targets[i].weight->rows()) {
      (*out)[i].push_back(next);
    }
  }
}

}  // namespace retort::cpu

#include "ops/validate.h"

namespace retort {
namespace {

// An F32 matrix of `cols` columns and at least `rows` rows.
void CheckMatrix(ConstTensorView view, int64_t rows, int64_t cols) {
  RETORT_CHECK(!view.empty());
  RETORT_CHECK(view.dtype == DType::kF32);
  RETORT_CHECK(view.shape.rank() == 2);
  RETORT_CHECK(view.shape[0] >= rows);
  RETORT_CHECK(view.shape[1] == cols);
}

void CheckVector(ConstTensorView view, int64_t size) {
  RETORT_CHECK(!view.empty());
  RETORT_CHECK(view.dtype == DType::kF32);
  RETORT_CHECK(view.shape.size() == size);
}

// Every position of every sequence has a block inside the cache.
void CheckCache(const StepView& step, const KvView& kv, KvTypes kv_types, int64_t num_kv_heads,
                int64_t head_dim) {
  RETORT_CHECK(kv.k.dtype == kv_types.k && kv.v.dtype == kv_types.v);
  RETORT_CHECK(kv.k.shape.rank() == 4 && kv.k.shape == kv.v.shape);
  RETORT_CHECK(kv.k.shape[1] == num_kv_heads);
  RETORT_CHECK(kv.k.shape[3] == head_dim);
  const int64_t num_blocks = kv.k.shape[0];
  const int64_t block_size = kv.k.shape[2];
  for (int64_t s = 0; s < step.num_sequences(); ++s) {
    const int64_t used = (step.kv_len[static_cast<size_t>(s)] + block_size - 1) / block_size;
    RETORT_CHECK(used <= step.block_stride);
    for (int64_t b = 0; b < used; ++b) {
      const int32_t block = step.block_table[static_cast<size_t>(s * step.block_stride + b)];
      RETORT_CHECK(block >= 0 && block < num_blocks);
    }
  }
}

}  // namespace

void Validate(const StepView& step) {
  const size_t rows = step.tokens.size();
  const size_t sequences = step.kv_len.size();
  RETORT_CHECK(rows >= 1 && sequences >= 1);
  RETORT_CHECK(step.positions.size() == rows && step.roles.size() == rows);
  RETORT_CHECK(step.query_start.size() == sequences + 1);
  RETORT_CHECK(step.query_start.front() == 0);
  RETORT_CHECK(step.query_start.back() == static_cast<int32_t>(rows));
  RETORT_CHECK(step.block_table.size() >= sequences * static_cast<size_t>(step.block_stride));
  for (size_t s = 0; s < sequences; ++s) {
    RETORT_CHECK(step.query_start[s] <= step.query_start[s + 1]);
    for (int32_t t = step.query_start[s]; t < step.query_start[s + 1]; ++t) {
      const int32_t position = step.positions[static_cast<size_t>(t)];
      RETORT_CHECK(position >= 0 && position < step.kv_len[s]);
      const bool first = t == step.query_start[s];
      RETORT_CHECK(first || position > step.positions[static_cast<size_t>(t) - 1]);
    }
  }
}

void Validate(const EmbedArgs& args) {
  RETORT_CHECK(args.table != nullptr);
  CheckMatrix(args.out, static_cast<int64_t>(args.tokens.size()), args.table->cols());
  for (const int32_t token : args.tokens) {
    RETORT_CHECK(token >= 0 && token < args.table->rows());
  }
}

void Validate(const RmsNormArgs& args) {
  CheckMatrix(args.x, 1, args.x.shape.back());
  CheckMatrix(args.out, args.x.shape[0], args.x.shape[1]);
  CheckVector(args.weight, args.x.shape[1]);
}

void Validate(const MatMulArgs& args) {
  const auto rows = static_cast<int64_t>(args.roles.size());
  RETORT_CHECK(rows >= 1);
  for (const MatMulTarget& target : args.targets) {
    RETORT_CHECK(target.weight != nullptr);
    CheckMatrix(args.x, rows, target.weight->cols());
    CheckMatrix(target.out, rows, target.weight->rows());
    if (!target.bias.empty()) CheckVector(target.bias, target.weight->rows());
  }
}

void Validate(const RopeAndStoreKvArgs& args, KvTypes kv_types) {
  RETORT_CHECK(args.step != nullptr && args.head_dim > 0);
  Validate(*args.step);
  const int64_t rows = args.step->num_rows();
  const int64_t head_dim = args.head_dim;
  RETORT_CHECK(args.q.shape.back() % head_dim == 0 && args.k.shape.back() % head_dim == 0);
  CheckMatrix(args.q, rows, args.q.shape.back());
  CheckMatrix(args.k, rows, args.k.shape.back());
  CheckMatrix(args.v, rows, args.k.shape.back());
  CheckVector(args.inv_freq, args.inv_freq.shape.size());
  RETORT_CHECK(2 * args.inv_freq.shape.size() <= head_dim);
  CheckCache(*args.step, args.kv, kv_types, args.k.shape.back() / head_dim, head_dim);
}

void Validate(const AttentionArgs& args, KvTypes kv_types) {
  RETORT_CHECK(args.step != nullptr && args.head_dim > 0 && args.num_kv_heads > 0);
  Validate(*args.step);
  RETORT_CHECK(args.num_heads > 0 && args.num_heads % args.num_kv_heads == 0);
  const int64_t rows = args.step->num_rows();
  const int64_t cols = static_cast<int64_t>(args.num_heads) * args.head_dim;
  CheckMatrix(args.q, rows, cols);
  CheckMatrix(args.out, rows, cols);
  CheckCache(*args.step, args.kv, kv_types, args.num_kv_heads, args.head_dim);
}

void Validate(const SwiGluArgs& args) {
  CheckMatrix(args.gate, 1, args.gate.shape.back());
  CheckMatrix(args.up, args.gate.shape[0], args.gate.shape[1]);
  CheckMatrix(args.out, args.gate.shape[0], args.gate.shape[1]);
}

void Validate(const GatherRowsArgs& args) {
  CheckMatrix(args.x, 1, args.x.shape.back());
  CheckMatrix(args.out, static_cast<int64_t>(args.rows.size()), args.x.shape[1]);
  for (const int32_t row : args.rows) RETORT_CHECK(row >= 0 && row < args.x.shape[0]);
}

}  // namespace retort

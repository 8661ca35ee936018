#include "ops/cpu/cpu_attention.h"

#include <algorithm>

namespace retort::cpu {
namespace {

constexpr int64_t kPiecesPerThread = 4;          // enough that no thread waits long for another
constexpr size_t kMostStates = size_t{4} << 20;  // floats

// Rows of one sequence that go to neighbouring slots of one block.
struct StoreRun {
  int64_t row = 0, rows = 0;
  int64_t block = 0, slot = 0;
};

std::vector<StoreRun> CutIntoRuns(const StepView& step, int64_t block_size) {
  std::vector<StoreRun> runs;
  for (size_t s = 0; s < step.kv_len.size(); ++s) {
    const int32_t* table = step.block_table.data() + s * static_cast<size_t>(step.block_stride);
    for (int64_t t = step.query_start[s]; t < step.query_start[s + 1]; ++t) {
      const int64_t position = step.positions[static_cast<size_t>(t)];
      const int64_t slot = position % block_size;
      const bool goes_on = t > step.query_start[s] && slot > 0 &&
                           position == step.positions[static_cast<size_t>(t) - 1] + 1;
      if (goes_on) {
        ++runs.back().rows;
      } else {
        runs.push_back({.row = t, .rows = 1, .block = table[position / block_size], .slot = slot});
      }
    }
  }
  return runs;
}

// Where the keys or values of a head of a block begin.
std::byte* SlabOf(const TensorView& cache, int64_t block, int64_t head) {
  const auto slab_bytes = static_cast<int64_t>(cache.row_bytes()) * cache.shape[2];
  return cache.data + (block * cache.shape[1] + head) * slab_bytes;
}

}  // namespace

CpuAttention::CpuAttention(const KernelTable& kernels, Workers& workers, KvTypes kv_types)
    : kernels_(kernels),
      workers_(workers),
      kv_types_(kv_types),
      inputs_(static_cast<size_t>(workers.num_threads())) {}

void CpuAttention::Store(const RopeAndStoreKvArgs& args) {
  const int64_t heads = args.kv.k.shape[1], block_size = args.kv.k.shape[2];
  const int64_t head_dim = args.head_dim, row_stride = heads * head_dim;
  const std::vector<StoreRun> runs = CutIntoRuns(*args.step, block_size);
  const int64_t elements = args.step->num_rows() * row_stride * 2;
  workers_.ForEach(std::ssize(runs), elements, [&](int, int64_t i) {
    const StoreRun& run = runs[static_cast<size_t>(i)];
    for (int64_t head = 0; head < heads; ++head) {
      const int64_t from = run.row * row_stride + head * head_dim;
      kernels_.store_kv({.k = args.k.f32() + from,
                         .v = args.v.f32() + from,
                         .row_stride = row_stride,
                         .rows = run.rows,
                         .head_dim = head_dim,
                         .block_size = block_size,
                         .slot = run.slot,
                         .k_int8 = kv_types_.k == DType::kQ8_0,
                         .v_int8 = kv_types_.v == DType::kQ8_0,
                         .k_slab = SlabOf(args.kv.k, run.block, head),
                         .v_slab = SlabOf(args.kv.v, run.block, head)});
    }
  });
}

void CpuAttention::Run(const AttentionArgs& args) {
  CutIntoPieces(args);
  const int32_t longest = *std::max_element(args.step->kv_len.begin(), args.step->kv_len.end());
  const int64_t elements = args.step->num_rows() * args.num_heads * longest;
  if (!CutIntoStretches(args.head_dim)) {
    workers_.ForEach(std::ssize(pieces_), elements, [&](int thread, int64_t i) {
      kernels_.attention(Gather(args, pieces_[static_cast<size_t>(i)], thread));
    });
    return;
  }
  workers_.ForEach(std::ssize(stretches_), elements, [&](int thread, int64_t i) {
    const Stretch& stretch = stretches_[static_cast<size_t>(i)];
    AttentionPart part = Gather(args, pieces_[stretch.piece], thread);
    part.begin = stretch.begin;
    part.end = stretch.end;
    part.states = states_.data() + state_at_[stretch.piece];
    kernels_.attention(part);
  });
  // A state of a query stands for kAttentionSplit positions.
  workers_.ForEach(std::ssize(pieces_), elements / kAttentionSplit, [&](int thread, int64_t i) {
    AttentionPart part = Gather(args, pieces_[static_cast<size_t>(i)], thread);
    part.states = states_.data() + state_at_[static_cast<size_t>(i)];
    kernels_.merge_attention(part);
  });
}

void CpuAttention::CutIntoPieces(const AttentionArgs& args) {
  const StepView& step = *args.step;
  const int64_t group = args.num_heads / args.num_kv_heads;
  pieces_.clear();
  for (size_t s = 0; s < step.kv_len.size(); ++s) {
    const int64_t first = step.query_start[s], rows = step.query_start[s + 1] - first;
    for (int64_t begin = 0; begin < rows * group; begin += kMaxQueries) {
      const int64_t end = std::min(rows * group, begin + kMaxQueries);
      const int64_t last = step.positions[static_cast<size_t>(first + (end - 1) / group)];
      for (int64_t head = 0; head < args.num_kv_heads; ++head) {
        pieces_.push_back({.sequence = s,
                           .kv_head = head,
                           .begin = begin,
                           .end = end,
                           .splits = last / kAttentionSplit + 1});
      }
    }
  }
}

bool CpuAttention::CutIntoStretches(int64_t head_dim) {
  const int64_t wanted = kPiecesPerThread * workers_.num_threads();
  int64_t splits = 0;
  size_t floats = 0;
  state_at_.clear();
  for (const Piece& piece : pieces_) {
    splits += piece.splits;
    state_at_.push_back(floats);
    floats +=
        static_cast<size_t>(piece.splits * (piece.end - piece.begin) * AttentionState(head_dim));
  }
  const bool enough = std::ssize(pieces_) >= wanted || splits == std::ssize(pieces_);
  if (enough || workers_.num_threads() == 1 || floats > kMostStates) return false;
  if (states_.size() < floats) states_.resize(floats);
  const int64_t length = std::max<int64_t>(1, splits / wanted);
  stretches_.clear();
  for (size_t p = 0; p < pieces_.size(); ++p) {
    for (int64_t begin = 0; begin < pieces_[p].splits; begin += length) {
      stretches_.push_back(
          {.piece = p, .begin = begin, .end = std::min(pieces_[p].splits, begin + length)});
    }
  }
  return true;
}

AttentionPart CpuAttention::Gather(const AttentionArgs& args, const Piece& piece, int thread) {
  const StepView& step = *args.step;
  Inputs& in = inputs_[static_cast<size_t>(thread)];
  const int64_t group = args.num_heads / args.num_kv_heads;
  for (int64_t i = piece.begin; i < piece.end; ++i) {
    const int64_t t = step.query_start[piece.sequence] + i / group;
    const int64_t at = (t * args.num_heads + piece.kv_head * group + i % group) * args.head_dim;
    in.q[i - piece.begin] = args.q.f32() + at;
    in.out[i - piece.begin] = args.out.f32() + at;
    in.length[i - piece.begin] = step.positions[static_cast<size_t>(t)] + 1;
  }
  const int64_t queries = piece.end - piece.begin, block_size = args.kv.k.shape[2];
  const int32_t* table =
      step.block_table.data() + piece.sequence * static_cast<size_t>(step.block_stride);
  in.keys.clear();
  in.values.clear();
  for (int64_t b = 0; b * block_size < in.length[queries - 1]; ++b) {
    in.keys.push_back(SlabOf(args.kv.k, table[b], piece.kv_head));
    in.values.push_back(SlabOf(args.kv.v, table[b], piece.kv_head));
  }
  return {.q = in.q,
          .out = in.out,
          .length = in.length,
          .queries = queries,
          .k = in.keys.data(),
          .v = in.values.data(),
          .block_size = block_size,
          .k_int8 = kv_types_.k == DType::kQ8_0,
          .v_int8 = kv_types_.v == DType::kQ8_0,
          .head_dim = args.head_dim,
          .scale = args.scale,
          .scratch = workers_.Scratch(thread)};
}

}  // namespace retort::cpu

// Attention and its cache on the CPU: cuts a step into pieces for the level's kernels, which know
// neither blocks nor sequences, and hands the pieces to the threads.
//
//   CpuAttention attention(kernels, workers, {});
//   attention.Store(rope_and_store_args);   // k and v are rotated already
//   attention.Run(attention_args);
//
// A piece is a sequence, a key/value head and up to kMaxQueries of the queries that share it. A
// step of few pieces, such as one generated token, is cut once more: a thread takes some splits of
// a piece (kernels.h), and what they gave is merged afterwards. One caller at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "ops/backend.h"
#include "ops/cpu/kernels.h"
#include "ops/cpu/workers.h"

namespace retort::cpu {

class CpuAttention {
 public:
  CpuAttention(const KernelTable& kernels, Workers& workers, KvTypes kv_types);

  KvTypes kv_types() const { return kv_types_; }
  void Store(const RopeAndStoreKvArgs& args);
  void Run(const AttentionArgs& args);

 private:
  // The queries are numbered row by row: query i is row i / G of the sequence, head i % G of the
  // group.
  struct Piece {
    size_t sequence = 0;
    int64_t kv_head = 0;
    int64_t begin = 0, end = 0;  // queries
    int64_t splits = 0;          // that the last of them sees
  };
  struct Stretch {  // of a piece's splits
    size_t piece = 0;
    int64_t begin = 0, end = 0;
  };
  // The pointers of one piece, filled by Gather; one for each thread.
  struct Inputs {
    std::vector<const std::byte*> keys, values;  // by block of the sequence
    const float* q[kMaxQueries];
    float* out[kMaxQueries];
    int64_t length[kMaxQueries];
  };

  void CutIntoPieces(const AttentionArgs& args);
  // False if the pieces are enough for all threads, or the states would take too much memory.
  bool CutIntoStretches(int64_t head_dim);
  AttentionPart Gather(const AttentionArgs& args, const Piece& piece, int thread);

  const KernelTable& kernels_;
  Workers& workers_;
  const KvTypes kv_types_;
  std::vector<Inputs> inputs_;  // by thread
  // Of the operation at hand; kept for their memory.
  std::vector<Piece> pieces_;
  std::vector<Stretch> stretches_;
  std::vector<size_t> state_at_;  // of each piece, in states_
  std::vector<float> states_;
};

}  // namespace retort::cpu

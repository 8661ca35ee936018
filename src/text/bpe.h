// Byte-pair merging: the bytes of one piece of text → token ids. Always the merge of lowest rank
// first, the leftmost of equals, in O(n log n). Source: Sennrich et al. 2016; GPT-2's byte level.
//
//   Bpe bpe(spec, vocabulary);
//   Bpe::Scratch scratch;                    // per thread, reused between calls
//   bpe.Encode(" hello", &scratch, &ids);    // appends
//
// A byte that the vocabulary lacks yields no id, and nothing merges across it.
// Errors: kCorrupt for merges that name unknown tokens. Immutable and thread-safe once built.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/vocabulary.h"

namespace retort {

class Bpe {
 public:
  struct Symbol {
    int32_t id;
    int32_t previous, next;  // indices, -1 at the ends
  };
  struct Candidate {
    int32_t rank, left, right;      // right == left's neighbour
    int32_t left_id, right_id, id;  // what they were when this was found, and what they become
  };
  struct Scratch {
    std::vector<Symbol> symbols;
    std::vector<Candidate> heap;
  };

  Bpe(const TokenizerSpec& spec, const Vocabulary& vocabulary);
  void Encode(std::string_view piece, Scratch* scratch, std::vector<int32_t>* ids) const;

 private:
  struct Merge {
    int32_t left = kNoToken, right = kNoToken, rank = 0, id = kNoToken;
  };
  void AddMerge(const TokenizerSpec& spec, const Vocabulary& vocabulary, int32_t rank);
  size_t Slot(int32_t left, int32_t right) const;
  void PushCandidate(Scratch* scratch, int32_t left) const;

  const Vocabulary& vocabulary_;
  std::vector<Merge> merges_;  // open addressing by (left, right)
};

}  // namespace retort

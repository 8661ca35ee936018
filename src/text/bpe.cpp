#include "text/bpe.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/quote.h"
#include "base/rng.h"

namespace retort {
namespace {

constexpr int32_t kGone = -2;  // a symbol that was merged into its left neighbour

// Longest piece merged at once; symbols are indexed by int32_t. Longer ones are cut, which no text
// that a model could read comes near.
constexpr size_t kMaxPieceBytes = 1u << 30;

// Heap order: the candidate to do first is the greatest.
bool DoneLater(const Bpe::Candidate& a, const Bpe::Candidate& b) {
  return a.rank != b.rank ? a.rank > b.rank : a.left > b.left;
}

}  // namespace

Bpe::Bpe(const TokenizerSpec& spec, const Vocabulary& vocabulary) : vocabulary_(vocabulary) {
  if (spec.merges.size() > std::numeric_limits<int32_t>::max() / 4) {
    Fail(ErrorCode::kCorrupt, "{}: {} merges cannot be; convert the model again", spec.source,
         spec.merges.size());
  }
  merges_.resize(std::bit_ceil(spec.merges.size() * 2 + 1));
  for (size_t rank = 0; rank < spec.merges.size(); ++rank) {
    AddMerge(spec, vocabulary, static_cast<int32_t>(rank));
  }
}

void Bpe::AddMerge(const TokenizerSpec& spec, const Vocabulary& vocabulary, int32_t rank) {
  const std::string& line = spec.merges[static_cast<size_t>(rank)];
  const size_t space = line.find(' ');
  if (space == std::string::npos || line.find(' ', space + 1) != std::string::npos) {
    Fail(ErrorCode::kCorrupt, "{}: merge {} {} is not two tokens; convert the model again",
         spec.source, rank, Quoted(line));
  }
  const std::string left = line.substr(0, space), right = line.substr(space + 1);
  Merge merge{vocabulary.Find(left), vocabulary.Find(right), rank, vocabulary.Find(left + right)};
  if (merge.left == kNoToken || merge.right == kNoToken || merge.id == kNoToken) {
    const std::string& missing =
        merge.left == kNoToken ? left : (merge.right == kNoToken ? right : left + right);
    Fail(ErrorCode::kCorrupt,
         "{}: merge {} {} names {}, which is no token; convert the model again", spec.source, rank,
         Quoted(line), Quoted(missing));
  }
  Merge& slot = merges_[Slot(merge.left, merge.right)];
  if (slot.id == kNoToken) slot = merge;  // of two equal lines the first counts
}

size_t Bpe::Slot(int32_t left, int32_t right) const {
  const size_t mask = merges_.size() - 1;
  const uint64_t key =
      static_cast<uint64_t>(static_cast<uint32_t>(left)) << 32 | static_cast<uint32_t>(right);
  size_t slot = Mix64(key) & mask;
  while (merges_[slot].id != kNoToken &&
         (merges_[slot].left != left || merges_[slot].right != right)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

void Bpe::PushCandidate(Scratch* scratch, int32_t left) const {
  const std::vector<Symbol>& symbols = scratch->symbols;
  if (left < 0) return;
  const Symbol& l = symbols[static_cast<size_t>(left)];
  if (l.next < 0) return;
  const Symbol& r = symbols[static_cast<size_t>(l.next)];
  if (l.id == kNoToken || r.id == kNoToken) return;
  const Merge& merge = merges_[Slot(l.id, r.id)];
  if (merge.id == kNoToken) return;
  scratch->heap.push_back({merge.rank, left, l.next, l.id, r.id, merge.id});
  std::push_heap(scratch->heap.begin(), scratch->heap.end(), DoneLater);
}

void Bpe::Encode(std::string_view piece, Scratch* scratch, std::vector<int32_t>* ids) const {
  while (piece.size() > kMaxPieceBytes) {
    Encode(piece.substr(0, kMaxPieceBytes), scratch, ids);
    piece.remove_prefix(kMaxPieceBytes);
  }
  std::vector<Symbol>& symbols = scratch->symbols;
  std::vector<Candidate>& heap = scratch->heap;
  symbols.clear();
  heap.clear();
  const auto count = static_cast<int32_t>(piece.size());
  for (int32_t i = 0; i < count; ++i) {
    const auto byte = static_cast<uint8_t>(piece[static_cast<size_t>(i)]);
    symbols.push_back({vocabulary_.ByteId(byte), i - 1, i + 1 < count ? i + 1 : -1});
  }
  for (int32_t i = 0; i < count; ++i) PushCandidate(scratch, i);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), DoneLater);
    const Candidate best = heap.back();
    heap.pop_back();
    Symbol& left = symbols[static_cast<size_t>(best.left)];
    Symbol& right = symbols[static_cast<size_t>(best.right)];
    // Either side may have been merged meanwhile.
    if (left.id != best.left_id || right.id != best.right_id || left.next != best.right) continue;
    left.id = best.id;
    left.next = right.next;
    right.id = kGone;
    if (left.next >= 0) symbols[static_cast<size_t>(left.next)].previous = best.left;
    PushCandidate(scratch, left.previous);
    PushCandidate(scratch, best.left);
  }
  for (const Symbol& symbol : symbols) {
    if (symbol.id >= 0) ids->push_back(symbol.id);
  }
}

}  // namespace retort

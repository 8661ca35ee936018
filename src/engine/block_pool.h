// Counts who uses which KV block, and keeps unused ones in the order in which they are taken again.
// Pure bookkeeping: ids only, no memory.
//
//   BlockPool pool(128);
//   std::optional<int32_t> block = pool.Allocate();    // one reference
//   pool.Retain(*block);                               // shared by a second sequence
//   pool.Release(*block, BlockPool::Contents::kDrop);  // the second one is done with it
//   pool.Release(*block, BlockPool::Contents::kKeep);  // unused now, but worth finding again
//
// Blocks with nothing worth keeping are taken first, the one used last before others (it is the
// warmest in the processor's caches); then those kept, the longest unused first.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace retort {

class BlockPool {
 public:
  enum class Contents : uint8_t { kDrop, kKeep };

  explicit BlockPool(int32_t num_blocks);

  // A block with one reference; nullopt when all are in use. Whoever knows it by its old contents
  // must forget it.
  std::optional<int32_t> Allocate();
  // One more reference, also the first one of an unused block.
  void Retain(int32_t block);
  // `contents` matters with the last reference only.
  void Release(int32_t block, Contents contents);

  // Unused blocks, kept or not: so many Allocate will give.
  int32_t num_free() const { return static_cast<int32_t>(unused_.size()); }
  int32_t num_blocks() const { return static_cast<int32_t>(references_.size()); }
  int32_t references(int32_t block) const { return references_[static_cast<size_t>(block)]; }

  // Aborts unless each block is either unused or referenced.
  void CheckIntegrity() const;

 private:
  using Line = std::list<int32_t>;

  std::vector<int32_t> references_;    // [block]
  std::vector<Line::iterator> place_;  // [block] its node, which moves between the two lists
  Line unused_;                        // taken from the front
  Line used_;
};

}  // namespace retort

// Counts who uses which KV block. Pure bookkeeping: ids only, no memory.
//
//   BlockPool pool(128);
//   std::optional<int32_t> block = pool.Allocate();  // one reference
//   pool.Retain(*block);                             // shared by a second sequence
//   pool.Release(*block);                            // free once every reference is gone
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace retort {

class BlockPool {
 public:
  explicit BlockPool(int32_t num_blocks);

  // A block with one reference; nullopt when all are in use.
  std::optional<int32_t> Allocate();
  void Retain(int32_t block);
  void Release(int32_t block);

  int32_t num_free() const { return static_cast<int32_t>(free_.size()); }
  int32_t num_blocks() const { return static_cast<int32_t>(references_.size()); }
  int32_t references(int32_t block) const { return references_[static_cast<size_t>(block)]; }

  // Aborts unless each block is either free once or referenced.
  void CheckIntegrity() const;

 private:
  std::vector<int32_t> references_;  // [block]
  std::vector<int32_t> free_;        // a stack: the block used last is the warmest in the caches
};

}  // namespace retort

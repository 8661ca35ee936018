#include "engine/block_pool.h"

#include "base/error.h"

namespace retort {

BlockPool::BlockPool(int32_t num_blocks) : references_(static_cast<size_t>(num_blocks), 0) {
  RETORT_CHECK(num_blocks >= 0);
  for (int32_t block = 0; block < num_blocks; ++block) {
    place_.push_back(unused_.insert(unused_.end(), block));
  }
}

std::optional<int32_t> BlockPool::Allocate() {
  if (unused_.empty()) return std::nullopt;
  const int32_t block = unused_.front();
  Retain(block);
  return block;
}

void BlockPool::Retain(int32_t block) {
  const auto index = static_cast<size_t>(block);
  if (references_[index]++ == 0) used_.splice(used_.end(), unused_, place_[index]);
}

void BlockPool::Release(int32_t block, Contents contents) {
  const auto index = static_cast<size_t>(block);
  RETORT_CHECK(references_[index] > 0);
  if (--references_[index] > 0) return;
  const auto before = contents == Contents::kKeep ? unused_.end() : unused_.begin();
  unused_.splice(before, used_, place_[index]);
}

void BlockPool::CheckIntegrity() const {
  RETORT_CHECK(unused_.size() + used_.size() == references_.size());
  for (int32_t block : unused_) RETORT_CHECK(references(block) == 0);
  for (int32_t block : used_) RETORT_CHECK(references(block) > 0);
  for (int32_t block = 0; block < num_blocks(); ++block) {
    RETORT_CHECK(*place_[static_cast<size_t>(block)] == block);
  }
}

}  // namespace retort

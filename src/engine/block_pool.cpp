#include "engine/block_pool.h"

#include "base/error.h"

namespace retort {

BlockPool::BlockPool(int32_t num_blocks) : references_(static_cast<size_t>(num_blocks), 0) {
  RETORT_CHECK(num_blocks >= 0);
  free_.reserve(references_.size());
  for (int32_t block = num_blocks - 1; block >= 0; --block) free_.push_back(block);
}

std::optional<int32_t> BlockPool::Allocate() {
  if (free_.empty()) return std::nullopt;
  const int32_t block = free_.back();
  free_.pop_back();
  references_[static_cast<size_t>(block)] = 1;
  return block;
}

void BlockPool::Retain(int32_t block) {
  RETORT_CHECK(references(block) > 0);
  ++references_[static_cast<size_t>(block)];
}

void BlockPool::Release(int32_t block) {
  RETORT_CHECK(references(block) > 0);
  if (--references_[static_cast<size_t>(block)] == 0) free_.push_back(block);
}

void BlockPool::CheckIntegrity() const {
  std::vector<bool> is_free(references_.size(), false);
  for (int32_t block : free_) {
    RETORT_CHECK(block >= 0 && block < num_blocks());
    RETORT_CHECK(!is_free[static_cast<size_t>(block)]);
    is_free[static_cast<size_t>(block)] = true;
  }
  for (size_t block = 0; block < references_.size(); ++block) {
    RETORT_CHECK(references_[block] >= 0);
    RETORT_CHECK(is_free[block] == (references_[block] == 0));
  }
}

}  // namespace retort

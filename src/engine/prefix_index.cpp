#include "engine/prefix_index.h"

#include <utility>

#include "base/error.h"
#include "base/rng.h"

namespace retort {

size_t PrefixIndex::Hash::operator()(const BlockKey& key) const {
  uint64_t hash = Mix64(static_cast<uint64_t>(key.parent)) + static_cast<uint64_t>(key.prompt_rows);
  for (int32_t token : key.tokens) hash = Mix64(hash ^ static_cast<uint64_t>(token));
  return static_cast<size_t>(hash);
}

std::optional<int32_t> PrefixIndex::Find(const BlockKey& key) const {
  const auto found = blocks_.find(key);
  if (found == blocks_.end()) return std::nullopt;
  return found->second;
}

void PrefixIndex::Insert(int32_t block, BlockKey key) {
  RETORT_CHECK(!Contains(block));
  if (key.parent != kNoBlock) {
    RETORT_CHECK(Contains(key.parent));
    ++node(key.parent).children;
  }
  const auto [place, inserted] = blocks_.emplace(std::move(key), block);
  RETORT_CHECK(inserted);
  node(block).key = &place->first;
}

void PrefixIndex::Erase(int32_t block) {
  RETORT_CHECK(Contains(block) && node(block).children == 0);
  if (parent(block) != kNoBlock) --node(parent(block)).children;
  blocks_.erase(blocks_.find(*node(block).key));
  node(block).key = nullptr;
}

void PrefixIndex::CheckIntegrity() const {
  std::vector<int32_t> children(nodes_.size(), 0);
  for (const auto& [key, block] : blocks_) {
    RETORT_CHECK(node(block).key == &key);
    if (key.parent == kNoBlock) continue;
    RETORT_CHECK(Contains(key.parent));
    ++children[static_cast<size_t>(key.parent)];
  }
  size_t contained = 0;
  for (size_t block = 0; block < nodes_.size(); ++block) {
    RETORT_CHECK(nodes_[block].children == children[block]);
    contained += nodes_[block].key != nullptr ? 1 : 0;
  }
  RETORT_CHECK(contained == blocks_.size());
}

}  // namespace retort

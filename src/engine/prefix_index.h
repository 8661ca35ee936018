// Finds computed KV blocks by what they hold, so that a sequence which begins like an earlier one
// takes over its blocks instead of computing them again.
//
// What a full block holds is decided by all tokens up to its end and by each row's role, which
// chooses its arithmetic. So blocks form a tree in which a path from the root spells a prefix:
//
//   root ── 7 [5 6] ──┬── 2 [8 8]        block size 2; sequences 5 6 8 8 and 5 6 1 3 share block 7
//                     └── 4 [1 3]
//
//   PrefixIndex index(/*num_blocks=*/8);
//   index.Insert(7, {.parent = kNoBlock, .prompt_rows = 2, .tokens = {5, 6}});
//   index.Find({.parent = kNoBlock, .prompt_rows = 2, .tokens = {5, 6}});  // 7
//   index.Erase(7);  // its contents will be overwritten; children go first
//
// A key names its parent by block and not by a hash of what came before. Parents outlive their
// children here, so equal keys mean equal prefixes, token by token: no collision of hashes can ever
// hand out foreign contents.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace retort {

inline constexpr int32_t kNoBlock = -1;

struct BlockKey {
  int32_t parent = kNoBlock;         // the block before it in the sequence; kNoBlock for the first
  int32_t prompt_rows = 0;           // rows with the prompt's role; they precede generated ones
  std::vector<int32_t> tokens = {};  // [B]
  bool operator==(const BlockKey&) const = default;
};

class PrefixIndex {
 public:
  explicit PrefixIndex(int32_t num_blocks) : nodes_(static_cast<size_t>(num_blocks)) {}

  std::optional<int32_t> Find(const BlockKey& key) const;
  // Neither the key nor the block are in the index, the parent is.
  void Insert(int32_t block, BlockKey key);
  // The block is in the index and has no children.
  void Erase(int32_t block);
  bool Contains(int32_t block) const { return node(block).key != nullptr; }

  int32_t size() const { return static_cast<int32_t>(blocks_.size()); }
  // kNoBlock for the first block of a prefix.
  int32_t parent(int32_t block) const { return node(block).key->parent; }

  // Aborts unless keys, blocks and numbers of children agree.
  void CheckIntegrity() const;

 private:
  struct Hash {
    size_t operator()(const BlockKey& key) const;
  };
  struct Node {
    const BlockKey* key = nullptr;  // in blocks_, whose elements never move; null: not in the index
    int32_t children = 0;
  };

  const Node& node(int32_t block) const { return nodes_[static_cast<size_t>(block)]; }
  Node& node(int32_t block) { return nodes_[static_cast<size_t>(block)]; }

  std::unordered_map<BlockKey, int32_t, Hash> blocks_;
  std::vector<Node> nodes_;  // [block]
};

}  // namespace retort

// The tokens of a vocabulary by their bytes, as a trie in one array: a node is followed by what
// goes on from it, and says where that ends. Made once for a model.
//
//   const TokenTrie trie({"a", "ab", "", "b"});   // tokens without bytes are left out
//   for (uint32_t i = 0; i < trie.size();) {
//     i = fits(trie.node(i)) ? i + 1 : trie.node(i).end;      // into it, or past it
//   }
//
// Errors: kResourceExhausted for vocabularies beyond 2^30 bytes. Immutable and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class TokenTrie {
 public:
  struct Node {
    uint32_t end = 0;          // the first node that does not begin with this one's bytes
    uint32_t first_token = 0;  // in sorted order; the next node's is where this one's end
    uint16_t depth = 0;        // bytes from the root, at least 1
    uint8_t byte = 0;          // the last of them
  };

  // tokens [id]; those longer than 65,535 bytes count as empty.
  explicit TokenTrie(std::span<const std::string> tokens);

  uint32_t size() const { return static_cast<uint32_t>(nodes_.size() - 1); }
  const Node& node(uint32_t index) const { return nodes_[index]; }
  // The tokens that end at a node.
  std::span<const int32_t> tokens(uint32_t index) const {
    return Range(nodes_[index].first_token, nodes_[index + 1].first_token);
  }
  // The tokens of exactly these bytes.
  std::span<const int32_t> TokensOf(std::string_view text) const;
  // The tokens that begin with these bytes and are longer.
  std::span<const int32_t> TokensBehind(std::string_view prefix) const;
  std::string_view bytes(int32_t token) const {
    return std::string_view(bytes_).substr(
        offsets_[static_cast<size_t>(token)],
        offsets_[static_cast<size_t>(token) + 1] - offsets_[static_cast<size_t>(token)]);
  }
  size_t num_tokens() const { return offsets_.size() - 1; }
  size_t max_depth() const { return max_depth_; }

 private:
  std::span<const int32_t> Range(uint32_t begin, uint32_t end) const {
    return std::span(sorted_).subspan(begin, end - begin);
  }
  void AddNodes();

  std::string bytes_;              // of all tokens, end to end
  std::vector<uint32_t> offsets_;  // [token + 1]
  std::vector<int32_t> sorted_;    // tokens with bytes, by these
  std::vector<Node> nodes_;        // in preorder; one behind the last ends it
  size_t max_depth_ = 0;
};

}  // namespace retort

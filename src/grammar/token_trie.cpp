#include "grammar/token_trie.h"

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace retort {
namespace {

constexpr size_t kMaxBytes = size_t{1} << 30;
constexpr size_t kMaxTokenBytes = std::numeric_limits<uint16_t>::max();

}  // namespace

TokenTrie::TokenTrie(std::span<const std::string> tokens) {
  offsets_.push_back(0);
  for (const std::string& token : tokens) {
    if (token.size() > kMaxBytes - bytes_.size()) {
      Fail(ErrorCode::kResourceExhausted, "the vocabulary's {} tokens have more than {} bytes",
           tokens.size(), kMaxBytes);
    }
    if (token.size() <= kMaxTokenBytes) bytes_ += token;
    offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
  }
  for (int32_t token = 0; token < std::ssize(tokens); ++token) {
    if (!bytes(token).empty()) sorted_.push_back(token);
  }
  std::sort(sorted_.begin(), sorted_.end(), [&](int32_t a, int32_t b) {
    const std::string_view left = bytes(a), right = bytes(b);
    return left < right || (left == right && a < b);
  });
  AddNodes();
}

void TokenTrie::AddNodes() {
  std::vector<uint32_t> path;  // open nodes, by depth
  std::string_view last;
  for (uint32_t i = 0; i < sorted_.size(); ++i) {
    const std::string_view token = bytes(sorted_[i]);
    const auto shared = static_cast<size_t>(
        std::mismatch(last.begin(), last.end(), token.begin(), token.end()).first - last.begin());
    for (; path.size() > shared; path.pop_back()) {
      nodes_[path.back()].end = static_cast<uint32_t>(nodes_.size());
    }
    for (size_t depth = shared; depth < token.size(); ++depth) {
      path.push_back(static_cast<uint32_t>(nodes_.size()));
      nodes_.push_back({.end = 0,
                        .first_token = i,
                        .depth = static_cast<uint16_t>(depth + 1),
                        .byte = static_cast<uint8_t>(token[depth])});
    }
    max_depth_ = std::max(max_depth_, token.size());
    last = token;
  }
  for (; !path.empty(); path.pop_back()) {
    nodes_[path.back()].end = static_cast<uint32_t>(nodes_.size());
  }
  nodes_.push_back({.end = static_cast<uint32_t>(nodes_.size() + 1),
                    .first_token = static_cast<uint32_t>(sorted_.size())});
}

std::span<const int32_t> TokenTrie::TokensOf(std::string_view text) const {
  const auto begin = std::lower_bound(
      sorted_.begin(), sorted_.end(), text,
      [&](int32_t token, std::string_view wanted) { return bytes(token) < wanted; });
  const auto end =
      std::find_if(begin, sorted_.end(), [&](int32_t token) { return bytes(token) != text; });
  return {begin, end};
}

std::span<const int32_t> TokenTrie::TokensBehind(std::string_view prefix) const {
  const std::span<const int32_t> same = TokensOf(prefix);
  const auto begin = sorted_.begin() + (same.data() + same.size() - sorted_.data());
  const auto end = std::partition_point(
      begin, sorted_.end(), [&](int32_t token) { return bytes(token).starts_with(prefix); });
  return {begin, end};
}

}  // namespace retort

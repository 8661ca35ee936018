#include "grammar/token_trie.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/rng.h"

namespace retort {
namespace {

// Every token with the bytes that the nodes above it spell.
std::map<int32_t, std::string> Spelled(const TokenTrie& trie) {
  std::map<int32_t, std::string> spelled;
  std::string path;
  for (uint32_t i = 0; i < trie.size(); ++i) {
    path.resize(trie.node(i).depth - size_t{1});
    path.push_back(static_cast<char>(trie.node(i).byte));
    for (const int32_t token : trie.tokens(i)) spelled[token] = path;
  }
  return spelled;
}

TEST(TokenTrie, SpellsEveryTokenAndSkipsWholeBranches) {
  std::vector<std::string> tokens = {"", "b", "abc", "ab", "ab", "x\xff", "x"};
  Rng rng(1);
  for (int i = 0; i < 500; ++i) {
    std::string token;
    for (int64_t n = rng.Int(1, 6); n > 0; --n) token += static_cast<char>(rng.Int('a', 'd'));
    tokens.push_back(token);
  }
  const TokenTrie trie(tokens);
  const std::map<int32_t, std::string> spelled = Spelled(trie);
  EXPECT_EQ(spelled.size(), tokens.size() - 1) << "all but the empty one";
  for (const auto& [token, bytes] : spelled) EXPECT_EQ(bytes, tokens[static_cast<size_t>(token)]);
  for (uint32_t i = 0; i < trie.size(); ++i) {
    for (uint32_t j = i + 1; j < trie.node(i).end; ++j) {
      ASSERT_GT(trie.node(j).depth, trie.node(i).depth);
    }
    const uint32_t end = trie.node(i).end;
    if (end < trie.size()) {
      ASSERT_LE(trie.node(end).depth, trie.node(i).depth);
    }
  }
}

TEST(TokenTrie, FindsWhatGoesOnFromAPrefix) {
  const TokenTrie trie(std::vector<std::string>{"k>", "k", "k>\n", "k>x", "l", "", "k>\n"});
  const auto behind = [&](std::string_view prefix) {
    const std::span<const int32_t> found = trie.TokensBehind(prefix);
    std::vector<int32_t> sorted(found.begin(), found.end());
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  };
  EXPECT_EQ(behind("k>"), (std::vector<int32_t>{2, 3, 6}));
  EXPECT_EQ(behind("k"), (std::vector<int32_t>{0, 2, 3, 6}));
  const std::span<const int32_t> same = trie.TokensOf("k>\n");
  EXPECT_EQ(std::vector<int32_t>(same.begin(), same.end()), (std::vector<int32_t>{2, 6}));
  EXPECT_TRUE(trie.TokensOf("kk").empty());
  EXPECT_EQ(behind("m"), std::vector<int32_t>{});
  EXPECT_EQ(behind("k>x"), std::vector<int32_t>{});
}

TEST(TokenTrie, AVocabularyWithoutBytesIsEmpty) {
  EXPECT_EQ(TokenTrie(std::vector<std::string>{"", ""}).size(), 0u);
  EXPECT_EQ(TokenTrie(std::vector<std::string>{}).num_tokens(), 0u);
}

}  // namespace
}  // namespace retort

#include "engine/prefix_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/rng.h"

namespace retort {
namespace {

TEST(PrefixIndex, FindsABlockByParentRolesAndTokens) {
  PrefixIndex index(8);
  index.Insert(7, {.prompt_rows = 2, .tokens = {5, 6}});
  index.Insert(2, {.parent = 7, .prompt_rows = 1, .tokens = {5, 6}});
  EXPECT_EQ(index.Find({.prompt_rows = 2, .tokens = {5, 6}}), 7);
  EXPECT_EQ(index.Find({.parent = 7, .prompt_rows = 1, .tokens = {5, 6}}), 2);
  EXPECT_EQ(index.Find({.prompt_rows = 1, .tokens = {5, 6}}), std::nullopt) << "other roles";
  EXPECT_EQ(index.Find({.prompt_rows = 2, .tokens = {5, 7}}), std::nullopt) << "other tokens";
  EXPECT_EQ(index.Find({.parent = 2, .prompt_rows = 1, .tokens = {5, 6}}), std::nullopt)
      << "another parent";
  index.CheckIntegrity();
}

TEST(PrefixIndex, ForgetsWhatIsErased) {
  PrefixIndex index(4);
  index.Insert(1, {.tokens = {9}});
  index.Insert(3, {.parent = 1, .tokens = {9}});
  index.Erase(3);
  EXPECT_FALSE(index.Contains(3));
  EXPECT_EQ(index.Find({.parent = 1, .tokens = {9}}), std::nullopt);
  index.Insert(0, {.parent = 1, .tokens = {9}});  // the same contents elsewhere
  EXPECT_EQ(index.Find({.parent = 1, .tokens = {9}}), 0);
  EXPECT_EQ(index.size(), 2);
  index.CheckIntegrity();
}

TEST(PrefixIndexDeathTest, KeepsParentsWhileTheyHaveChildren) {
  PrefixIndex index(4);
  EXPECT_DEATH(index.Insert(3, {.parent = 1, .tokens = {9}}), "parent");
  index.Insert(1, {.tokens = {9}});
  index.Insert(3, {.parent = 1, .tokens = {9}});
  EXPECT_DEATH(index.Erase(1), "children");
  EXPECT_DEATH(index.Insert(2, {.tokens = {9}}), "inserted");
}

// Against a plain map from whole prefixes to blocks.
TEST(PrefixIndex, RandomTreesAgreeWithWholePrefixes) {
  constexpr int32_t kBlocks = 40;
  PrefixIndex index(kBlocks);
  std::map<std::vector<int32_t>, int32_t> blocks;  // by all tokens up to the block's end
  Rng rng(1);
  for (int step = 0; step < 20000; ++step) {
    std::vector<int32_t> prefix;
    int32_t parent = kNoBlock;
    while (true) {
      BlockKey key{.parent = parent, .tokens = {static_cast<int32_t>(rng.Int(0, 2))}};
      prefix.push_back(key.tokens[0]);
      const auto found = blocks.find(prefix);
      ASSERT_EQ(index.Find(key),
                found == blocks.end() ? std::nullopt : std::optional(found->second));
      if (found != blocks.end()) {
        parent = found->second;
        continue;
      }
      for (int32_t block = 0; block < kBlocks && rng.Int(0, 3) > 0; ++block) {
        if (index.Contains(block)) continue;
        index.Insert(block, std::move(key));
        blocks[prefix] = block;
        break;
      }
      break;
    }
    if (rng.Int(0, 3) > 0 || blocks.empty()) continue;
    // A random leaf goes: nothing that follows it begins with it.
    auto leaf = std::next(blocks.begin(), rng.Int(0, std::ssize(blocks) - 1));
    for (auto next = std::next(leaf);
         next != blocks.end() && next->first.size() > leaf->first.size() &&
         std::equal(leaf->first.begin(), leaf->first.end(), next->first.begin());
         ++next) {
      leaf = next;
    }
    index.Erase(leaf->second);
    blocks.erase(leaf);
    index.CheckIntegrity();
  }
}

}  // namespace
}  // namespace retort

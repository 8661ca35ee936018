#include "engine/block_pool.h"

#include <gtest/gtest.h>

#include <set>

#include "base/rng.h"

namespace retort {
namespace {

using enum BlockPool::Contents;

TEST(BlockPool, HandsOutEachBlockOnce) {
  BlockPool pool(5);
  std::set<int32_t> blocks;
  while (const auto block = pool.Allocate()) blocks.insert(*block);
  EXPECT_EQ(blocks, (std::set<int32_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(pool.num_free(), 0);
}

TEST(BlockPool, FreesABlockWithItsLastReference) {
  BlockPool pool(1);
  const int32_t block = *pool.Allocate();
  pool.Retain(block);
  pool.Release(block, kDrop);
  EXPECT_EQ(pool.num_free(), 0);
  pool.Release(block, kDrop);
  EXPECT_EQ(pool.num_free(), 1);
  pool.CheckIntegrity();
}

TEST(BlockPool, TakesDroppedBlocksFirstAndThenTheLongestUnused) {
  BlockPool pool(5);
  for (int i = 0; i < 5; ++i) pool.Allocate();
  pool.Release(3, kKeep);
  pool.Release(1, kDrop);
  pool.Release(0, kKeep);
  pool.Release(4, kKeep);
  pool.Release(2, kDrop);
  pool.Retain(0);  // found again, and last used now
  pool.Release(0, kKeep);
  for (const int32_t block : {2, 1, 3, 4, 0}) EXPECT_EQ(pool.Allocate(), block);
  EXPECT_EQ(pool.Allocate(), std::nullopt);
  pool.CheckIntegrity();
}

TEST(BlockPool, RandomUseKeepsTheBooksRight) {
  BlockPool pool(16);
  Rng rng(1);
  std::multiset<int32_t> held;
  for (int step = 0; step < 20000; ++step) {
    const int64_t action = rng.Int(0, 3);
    if (action == 0 || held.empty()) {
      if (const auto block = pool.Allocate()) {
        EXPECT_EQ(held.count(*block), 0u);
        held.insert(*block);
      } else {
        EXPECT_EQ(std::set<int32_t>(held.begin(), held.end()).size(), 16u);
      }
    } else {
      const auto any = std::next(held.begin(), rng.Int(0, static_cast<int64_t>(held.size()) - 1));
      if (action == 1) {
        pool.Retain(*any);
        held.insert(*any);
      } else {
        pool.Release(*any, action == 2 ? kDrop : kKeep);
        held.erase(any);
      }
    }
    pool.CheckIntegrity();
  }
  for (int32_t block : held) pool.Release(block, kDrop);
  EXPECT_EQ(pool.num_free(), 16);
}

TEST(BlockPoolDeathTest, ReleasingAFreeBlockIsABug) {
  BlockPool pool(2);
  EXPECT_DEATH(pool.Release(0, kDrop), "references");
}

}  // namespace
}  // namespace retort

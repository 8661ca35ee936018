#include "serve/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "net/test_sockets.h"

namespace retort::serve {
namespace {

using net::Eventually;

TEST(WorkerPool, RunsWhatWasPostedBeforeItStops) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(2);
    for (int i = 0; i < 1000; ++i) pool.Post([&] { ++done; });
  }
  EXPECT_EQ(done, 1000);
}

TEST(WorkerPool, OneThreadKeepsTheOrder) {
  std::vector<int> order;
  WorkerPool pool(1);
  for (int i = 0; i < 100; ++i) pool.Post([&order, i] { order.push_back(i); });
  pool.Stop();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(WorkerPool, LaterTasksComeByTheirTime) {
  std::mutex mutex;
  std::vector<int> order;
  WorkerPool pool(1);
  const auto note = [&](int number) {
    return [&, number] {
      const std::lock_guard lock(mutex);
      order.push_back(number);
    };
  };
  pool.PostAfter(0.03, note(2));
  pool.PostAfter(0.01, note(1));
  pool.PostAfter(3600, note(3));
  EXPECT_TRUE(Eventually([&] {
    const std::lock_guard lock(mutex);
    return order.size() == 2;
  }));
  pool.Stop();
  EXPECT_EQ(order, (std::vector<int>{1, 2})) << "the one for later is forgotten";
}

TEST(WorkerPool, DropsWhatComesTooLate) {
  WorkerPool pool(1);
  pool.Stop();
  const auto kept = std::make_shared<int>(1);
  pool.Post([kept] {});
  pool.PostAfter(0, [kept] {});
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace retort::serve

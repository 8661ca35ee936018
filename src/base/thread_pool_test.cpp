#include "base/thread_pool.h"

#include <gtest/gtest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace retort {
namespace {

TEST(ThreadPool, EveryThreadRunsOnceAndRunWaits) {
  for (const int count : {1, 2, 3, 7}) {
    ThreadPool pool(count);
    ASSERT_EQ(pool.num_threads(), count);
    std::vector<int> runs(static_cast<size_t>(count));
    for (int round = 1; round <= 300; ++round) {
      pool.Run([&](int thread, int num_threads) {
        EXPECT_EQ(num_threads, count);
        ++runs[static_cast<size_t>(thread)];
      });
      for (const int n : runs) ASSERT_EQ(n, round);
    }
  }
}

TEST(ThreadPool, WakesAfterSleep) {
  ThreadPool pool(3);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    std::atomic<int> runs{0};
    pool.Run([&](int, int) { ++runs; });
    EXPECT_EQ(runs, 3);
  }
}

double ProcessCpuSeconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

TEST(ThreadPool, IdleThreadsSleep) {
  ThreadPool pool(4);
  pool.Run([](int, int) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // they stop spinning
  const double before = ProcessCpuSeconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(ProcessCpuSeconds() - before, 0.05);
}

TEST(UsableCores, AtLeastOne) { EXPECT_GE(UsableCores(), 1); }

}  // namespace
}  // namespace retort

#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace retort {

// A generation counter announces work; each worker counts itself done. Both sides spin for a while
// (the next operation of a model step comes within microseconds), then sleep on a condition.
struct ThreadPool::Shared {
  const std::function<void(int, int)>* work = nullptr;
  std::atomic<uint64_t> generation{0};
  std::atomic<int> pending{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::thread> threads;

  static constexpr int kSpins = 20000;

  void Worker(int index, int count) {
    uint64_t seen = 0;
    while (true) {
      for (int i = 0; i < kSpins && generation.load(std::memory_order_acquire) == seen; ++i) {
        __builtin_ia32_pause();
      }
      if (generation.load(std::memory_order_acquire) == seen) {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return generation.load(std::memory_order_acquire) != seen; });
      }
      seen = generation.load(std::memory_order_acquire);
      if (stop.load()) return;
      (*work)(index, count);
      pending.fetch_sub(1, std::memory_order_release);
    }
  }

  void Announce() {
    {
      std::lock_guard lock(mutex);
      generation.fetch_add(1, std::memory_order_release);
    }
    wake.notify_all();
  }
};

ThreadPool::ThreadPool(int num_threads) : shared_(std::make_unique<Shared>()) {
  const int count = std::max(1, num_threads);
  for (int i = 1; i < count; ++i) {
    shared_->threads.emplace_back([this, i, count] { shared_->Worker(i, count); });
  }
}

ThreadPool::~ThreadPool() {
  shared_->stop = true;
  shared_->Announce();
  for (std::thread& thread : shared_->threads) thread.join();
}

int ThreadPool::num_threads() const { return static_cast<int>(shared_->threads.size()) + 1; }

void ThreadPool::Run(const std::function<void(int thread, int num_threads)>& work) {
  const int count = num_threads();
  if (count == 1) {
    work(0, 1);
    return;
  }
  shared_->work = &work;
  shared_->pending.store(count - 1, std::memory_order_relaxed);
  shared_->Announce();
  work(0, count);
  while (shared_->pending.load(std::memory_order_acquire) != 0) __builtin_ia32_pause();
}

int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace retort

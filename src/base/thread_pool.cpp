#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/cgroup.h"

namespace retort {
namespace {

// Tells the processor that this is a wait loop.
inline void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Polls for about a tenth of a millisecond: the next operation of a model step comes within
// microseconds. When there are more threads than free cores, yielding lets the others go on.
template <class Condition>
bool SpinUntil(const Condition& condition) {
  constexpr int kYields = 64, kPauses = 40;
  for (int i = 0; i < kYields; ++i) {
    for (int j = 0; j < kPauses; ++j) {
      if (condition()) return true;
      Pause();
    }
    std::this_thread::yield();
  }
  return condition();
}

}  // namespace

// A generation counter announces work; each worker counts itself done. Both sides spin, then sleep.
struct ThreadPool::Shared {
  WorkRef work;
  std::atomic<uint64_t> generation{0};
  std::atomic<int> pending{0};
  std::atomic<int> sleepers{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::thread> threads;

  void WaitForNext(uint64_t seen) {
    const auto announced = [&] { return generation.load() != seen; };
    if (SpinUntil(announced)) return;
    std::unique_lock lock(mutex);
    sleepers.fetch_add(1);
    wake.wait(lock, announced);
    sleepers.fetch_sub(1);
  }

  void Worker(int index, int count) {
    for (uint64_t seen = 0;; ++seen) {
      WaitForNext(seen);
      if (stop.load()) return;
      work.call(work.object, index, count);
      pending.fetch_sub(1);
    }
  }

  // Sequentially consistent on both sides: either the sleeper sees the new generation before it
  // waits, or we see it among the sleepers.
  void Announce() {
    generation.fetch_add(1);
    if (sleepers.load() == 0) return;
    { std::lock_guard lock(mutex); }
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

void ThreadPool::RunErased(WorkRef work) {
  const int count = num_threads();
  if (count == 1) {
    work.call(work.object, 0, 1);
    return;
  }
  shared_->work = work;
  shared_->pending.store(count - 1);
  shared_->Announce();
  work.call(work.object, 0, count);
  while (!SpinUntil([&] { return shared_->pending.load() == 0; })) {
  }
}

int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (sched_getaffinity(0, sizeof(set), &set) == 0) cores = CPU_COUNT(&set);
  return std::max(1, std::min(cores, CgroupCpuLimit("/proc/self/cgroup", "/sys/fs/cgroup")));
}

}  // namespace retort

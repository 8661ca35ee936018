#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
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

// Polls for some tens of microseconds: the next operation of a model step comes sooner. When there
// are more threads than free cores, yielding lets the others go on.
template <class Condition>
bool SpinUntil(const Condition& condition) {
  constexpr int kYields = 32, kPauses = 40;
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

// A generation counter announces work; each worker counts itself done. Both sides spin, then sleep
// until the counter moves: a wait that a busy neighbour makes long must not cost a core, which may
// be the one that the late thread is waiting for.
struct ThreadPool::Shared {
  WorkRef work;
  // Apart, so that who waits for one does not slow down the other.
  alignas(64) std::atomic<uint32_t> generation{0};
  alignas(64) std::atomic<int> pending{0};
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;

  void Worker(int index, int count) {
    for (uint32_t seen = 0;; ++seen) {
      if (!SpinUntil([&] { return generation.load() != seen; })) generation.wait(seen);
      if (stop.load()) return;
      work.call(work.object, index, count);
      if (pending.fetch_sub(1) == 1) pending.notify_one();
    }
  }

  void Announce() {
    generation.fetch_add(1);
    generation.notify_all();
  }

  void WaitForWorkers() {
    if (SpinUntil([&] { return pending.load() == 0; })) return;
    for (int left = pending.load(); left != 0; left = pending.load()) pending.wait(left);
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
  shared_->WaitForWorkers();
}

int UsableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int cores = static_cast<int>(std::thread::hardware_concurrency());
  if (sched_getaffinity(0, sizeof(set), &set) == 0) cores = CPU_COUNT(&set);
  return std::max(1, std::min(cores, CgroupCpuLimit("/proc/self/cgroup", "/sys/fs/cgroup")));
}

}  // namespace retort

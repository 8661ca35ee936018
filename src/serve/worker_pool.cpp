#include "serve/worker_pool.h"

#include <chrono>
#include <utility>

#include "base/clock.h"

namespace retort::serve {

WorkerPool::WorkerPool(int num_threads) {
  for (int i = 0; i < num_threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() { Stop(); }

void WorkerPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  std::multimap<double, std::function<void()>> forgotten;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  forgotten.swap(later_);
}

void WorkerPool::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void WorkerPool::PostAfter(double seconds, std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    later_.emplace(SteadyClock().Seconds() + seconds, std::move(task));
  }
  // Whoever waits may wait for a later one.
  changed_.notify_one();
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    const double now = SteadyClock().Seconds();
    while (!later_.empty() && later_.begin()->first <= now) {
      tasks_.push_back(std::move(later_.begin()->second));
      later_.erase(later_.begin());
    }
    if (!tasks_.empty()) {
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      // Another thread may be waiting for a time that this one has just seen pass.
      if (!tasks_.empty()) changed_.notify_one();
      lock.unlock();
      task();
      lock.lock();
      continue;
    }
    if (stopping_) return;
    if (later_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::duration<double>(later_.begin()->first - now));
    }
  }
}

}  // namespace retort::serve

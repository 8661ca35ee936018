// A fixed set of threads for short parallel loops (one matrix product, one attention).
//
//   ThreadPool pool(2);
//   pool.Run([&](int thread, int num_threads) { ... rows thread, thread + num_threads, ... });
//
// The caller takes part as thread 0; Run returns when every thread has finished. Work must not
// throw. One caller at a time. Waiting threads spin briefly, then sleep, so an idle pool costs no
// CPU.
#pragma once

#include <functional>
#include <memory>

namespace retort {

class ThreadPool {
 public:
  // num_threads >= 1, the caller's own included.
  explicit ThreadPool(int num_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const;
  void Run(const std::function<void(int thread, int num_threads)>& work);

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
};

// Cores this process may use: affinity mask and cgroup CPU quota considered, at least 1.
int UsableCores();

}  // namespace retort

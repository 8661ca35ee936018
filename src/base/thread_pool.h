// A fixed set of threads for short parallel loops (one matrix product, one attention).
//
//   ThreadPool pool(2);
//   pool.Run([&](int thread, int num_threads) { ... rows thread, thread + num_threads, ... });
//
// The caller takes part as thread 0; Run returns when every thread has finished. Work must not
// throw. One caller at a time. Handing work over costs about a microsecond while the threads are
// awake: they spin briefly after each piece of work, then sleep, so an idle pool costs no CPU. The
// caller waits the same way: a core that a neighbour has taken costs time, and no second core.
#pragma once

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

  // `work` is called as work(thread, num_threads).
  template <class Work>
  void Run(const Work& work) {
    RunErased({&work, [](const void* erased, int thread, int num_threads) {
                 (*static_cast<const Work*>(erased))(thread, num_threads);
               }});
  }

 private:
  // A reference to any callable: unlike std::function it never allocates.
  struct WorkRef {
    const void* object = nullptr;
    void (*call)(const void* object, int thread, int num_threads) = nullptr;
  };
  struct Shared;

  void RunErased(WorkRef work);

  std::unique_ptr<Shared> shared_;
};

// Cores this process may use: affinity mask and cgroup CPU quota considered, at least 1.
int UsableCores();

}  // namespace retort

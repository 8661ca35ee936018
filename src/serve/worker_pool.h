// A few threads for what may take milliseconds: reading requests, rendering templates, making text
// and JSON of tokens. Net threads and engine threads hand it over and go on.
//
//   WorkerPool pool(2);
//   pool.Post([job] { job->Pump(); });
//   pool.PostAfter(30, [weak] { if (auto job = weak.lock()) job->TimeOut(); });
//
// Tasks run in the order in which they were posted, several at a time, and must not throw. Stop
// runs what has been posted and forgets what was for later; what is posted afterwards is dropped.
// It must not be called from a task, nor must the destructor, which stops. Errors: none.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace retort::serve {

class WorkerPool {
 public:
  explicit WorkerPool(int num_threads);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Post(std::function<void()> task);
  void Stop();
  void PostAfter(double seconds, std::function<void()> task);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  std::multimap<double, std::function<void()>> later_;  // by SteadyClock time
  bool stopping_ = false, stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace retort::serve

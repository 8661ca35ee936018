// The requests that are being answered, by id: what keeps them alive, and where "answer now" and
// the end of the server find them.
//
//   jobs.Add(job); ... jobs.Remove(job->id());
//
// Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "serve/generation_job.h"

namespace retort::serve {

class JobTable {
 public:
  void Add(std::shared_ptr<GenerationJob> job) {
    const std::lock_guard lock(mutex_);
    jobs_[job->id()] = std::move(job);
  }

  void Remove(const std::string& id) {
    std::shared_ptr<GenerationJob> last;  // goes after the lock
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return;
    last = std::move(found->second);
    jobs_.erase(found);
  }

  void Clear() {
    std::map<std::string, std::shared_ptr<GenerationJob>> all;  // goes after the lock
    const std::lock_guard lock(mutex_);
    all.swap(jobs_);
  }

  // Null if there is none.
  std::shared_ptr<GenerationJob> Find(const std::string& id) const {
    const std::lock_guard lock(mutex_);
    const auto found = jobs_.find(id);
    return found == jobs_.end() ? nullptr : found->second;
  }

  std::vector<std::shared_ptr<GenerationJob>> All() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<GenerationJob>> all;
    for (const auto& [id, job] : jobs_) all.push_back(job);
    return all;
  }

  size_t size() const {
    const std::lock_guard lock(mutex_);
    return jobs_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<GenerationJob>> jobs_;
};

}  // namespace retort::serve

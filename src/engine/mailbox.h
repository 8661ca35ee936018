// How threads that ask and the one that steps speak to each other: requests and cancellations one
// way through a Mailbox, events the other way through an EventQueue for each request, and who waits
// for a turn, which the Mailbox keeps for whoever asks.
//
//   auto queue = std::make_shared<EventQueue>(request.num_choices, on_ready);
//   const int64_t id = mailbox->PostSubmit(std::move(request), queue);      // any thread
//   while (mailbox->Take(idle, submissions, cancels)) ...                    // the stepping thread
//   while (const auto event = queue->Pop()) ...                              // whoever asked
//
// No errors. Thread-safe.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace retort {

// The queue between the stepping thread and the one who asked.
class EventQueue {
 public:
  EventQueue(int32_t num_choices, std::function<void()> on_ready)
      : running_(num_choices), unread_(num_choices), on_ready_(std::move(on_ready)) {}

  // Whether there was nothing to take before.
  bool Push(TokenEvent event) {
    const std::lock_guard lock(mutex_);
    if (event.finish != FinishReason::kNone) --running_;
    const bool was_empty = events_.empty();
    events_.push_back(std::move(event));
    arrived_.notify_one();
    return was_empty;
  }

  // Whether all events have been pushed.
  bool ended() const {
    const std::lock_guard lock(mutex_);
    return running_ == 0;
  }

  void TellReady() const {
    if (on_ready_) on_ready_();
  }

  std::optional<TokenEvent> Pop() {
    std::unique_lock lock(mutex_);
    if (unread_ == 0) return std::nullopt;
    arrived_.wait(lock, [this] { return !events_.empty(); });
    return TakeFront();
  }

  Poll TryPop(TokenEvent& event) {
    const std::lock_guard lock(mutex_);
    if (unread_ == 0) return Poll::kEnd;
    if (events_.empty()) return Poll::kNothingYet;
    event = TakeFront();
    return Poll::kEvent;
  }

 private:
  TokenEvent TakeFront() {
    TokenEvent event = std::move(events_.front());
    events_.pop_front();
    if (event.finish != FinishReason::kNone) --unread_;
    return event;
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<TokenEvent> events_;
  int32_t running_;  // choices whose last event has not come
  int32_t unread_;   // choices whose last event has not been popped
  const std::function<void()> on_ready_;
};

struct Submission {
  int64_t id = 0;
  Request request;
  std::shared_ptr<EventQueue> queue;
};

// What other threads want of the stepping thread; handles outlive the engine, so they share it.
class Mailbox {
 public:
  int64_t PostSubmit(Request request, std::shared_ptr<EventQueue> queue) {
    const std::lock_guard lock(mutex_);
    submissions_.push_back({++last_id_, std::move(request), std::move(queue)});
    changed_.notify_one();
    return last_id_;
  }

  void PostCancel(int64_t id) {
    const std::lock_guard lock(mutex_);
    cancels_.push_back(id);
    changed_.notify_one();
  }

  void PostStop() {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    changed_.notify_one();
  }

  // Takes what has been posted; waits for something if `idle`. False once told to stop.
  bool Take(bool idle, std::vector<Submission>& submissions, std::vector<int64_t>& cancels) {
    std::unique_lock lock(mutex_);
    if (idle) {
      changed_.wait(lock, [this] { return stop_ || !submissions_.empty() || !cancels_.empty(); });
    }
    submissions = std::exchange(submissions_, {});
    cancels = std::exchange(cancels_, {});
    return !stop_;
  }

  // The requests that wait in front of the steps, in the order of their turns.
  void PublishWaiting(std::vector<int64_t> ids) {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(ids);
  }

  // 1 for the next one to be admitted; 0 for what does not wait.
  int32_t QueuePosition(int64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(waiting_, id);
    if (found != waiting_.end()) return static_cast<int32_t>(found - waiting_.begin()) + 1;
    const auto posted = std::ranges::find(submissions_, id, &Submission::id);
    if (posted == submissions_.end()) return 0;
    return static_cast<int32_t>(std::ssize(waiting_) + (posted - submissions_.begin())) + 1;
  }

  int32_t num_submissions() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int32_t>(submissions_.size());
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Submission> submissions_;
  std::vector<int64_t> cancels_;
  std::vector<int64_t> waiting_;
  int64_t last_id_ = 0;
  bool stop_ = false;
};

}  // namespace retort

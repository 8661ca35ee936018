#include "engine/engine.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/engine_core.h"

namespace retort {
namespace {

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

  int32_t num_submissions() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int32_t>(submissions_.size());
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Submission> submissions_;
  std::vector<int64_t> cancels_;
  int64_t last_id_ = 0;
  bool stop_ = false;
};

class Handle : public RequestHandle {
 public:
  Handle(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<EventQueue> queue, int64_t id)
      : mailbox_(std::move(mailbox)), queue_(std::move(queue)), id_(id) {}
  std::optional<TokenEvent> Next() override { return queue_->Pop(); }
  Poll TryNext(TokenEvent& event) override { return queue_->TryPop(event); }
  void Cancel() override { mailbox_->PostCancel(id_); }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<EventQueue> queue_;
  int64_t id_;
};

}  // namespace

struct Engine::Impl {
  Impl(LanguageModel& model, const EngineOptions& options)
      : core(model, options, clock), stats(core.Stats()), thread([this] { Run(); }) {}

  ~Impl() {
    mailbox->PostStop();
    thread.join();
  }

  void Run() {
    std::vector<Submission> submissions;
    std::vector<int64_t> cancels;
    while (mailbox->Take(!core.HasWork(), submissions, cancels)) {
      Accept(submissions);
      for (int64_t id : cancels) Deliver(core.Cancel(id));
      Deliver(core.Step());
    }
    Accept(submissions);
    while (!queues.empty()) Deliver(core.Cancel(queues.begin()->first));
  }

  void Accept(std::vector<Submission>& submissions) {
    for (Submission& submission : submissions) {
      queues[submission.id] = std::move(submission.queue);
      core.Add(submission.id, submission.request);
    }
    Publish();
  }

  void Deliver(std::vector<CoreEvent> events) {
    // First the figures, so that whoever has seen a request end finds its blocks free.
    Publish();
    std::vector<std::shared_ptr<EventQueue>> filled;  // that were empty
    for (CoreEvent& event : events) {
      const auto queue = queues.find(event.id);
      if (queue->second->Push(std::move(event.event))) filled.push_back(queue->second);
      if (queue->second->ended()) queues.erase(queue);
    }
    // After all of the step's events: who reads them finds them together.
    for (const std::shared_ptr<EventQueue>& queue : filled) queue->TellReady();
  }

  void Publish() {
    const std::lock_guard lock(stats_mutex);
    stats = core.Stats();
  }

  SteadyClock clock;
  EngineCore core;                                        // the stepping thread's
  std::map<int64_t, std::shared_ptr<EventQueue>> queues;  // the stepping thread's, by id
  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  mutable std::mutex stats_mutex;
  EngineStats stats;
  std::thread thread;  // last: everything it uses exists before it and goes after it
};

Engine::Engine(LanguageModel& model, const EngineOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}

Engine::~Engine() = default;

std::shared_ptr<RequestHandle> Engine::Submit(Request request, std::function<void()> on_ready) {
  impl_->core.Validate(request);
  auto queue = std::make_shared<EventQueue>(request.num_choices, std::move(on_ready));
  const int64_t id = impl_->mailbox->PostSubmit(std::move(request), queue);
  return std::make_shared<Handle>(impl_->mailbox, std::move(queue), id);
}

int64_t Engine::MaxSequenceTokens() const { return impl_->core.max_sequence_tokens(); }

EngineStats Engine::Stats() const {
  const int32_t posted = impl_->mailbox->num_submissions();
  const std::lock_guard lock(impl_->stats_mutex);
  EngineStats stats = impl_->stats;
  stats.waiting += posted;
  return stats;
}

}  // namespace retort

#include "engine/engine.h"

#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/engine_core.h"
#include "engine/mailbox.h"

namespace retort {
namespace {

class Handle : public RequestHandle {
 public:
  Handle(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<EventQueue> queue, int64_t id)
      : mailbox_(std::move(mailbox)), queue_(std::move(queue)), id_(id) {}
  std::optional<TokenEvent> Next() override { return queue_->Pop(); }
  Poll TryNext(TokenEvent& event) override { return queue_->TryPop(event); }
  void Cancel() override { mailbox_->PostCancel(id_); }
  int32_t QueuePosition() const override { return mailbox_->QueuePosition(id_); }

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
      // A step may take long: who waits meanwhile is told as it is.
      Deliver(core.Step([this] { Publish(); }));
    }
    Accept(submissions);
    while (!queues.empty()) Deliver(core.Cancel(queues.begin()->first));
  }

  void Accept(std::vector<Submission>& submissions) {
    for (Submission& submission : submissions) {
      queues[submission.id] = std::move(submission.queue);
      core.Add(submission.id, submission.request);
    }
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
    if (std::vector<int64_t> ids = core.WaitingRequests(); ids != waiting) {
      waiting = ids;
      mailbox->PublishWaiting(std::move(ids));
    }
    const std::lock_guard lock(stats_mutex);
    stats = core.Stats();
  }

  SteadyClock clock;
  EngineCore core;                                        // the stepping thread's
  std::map<int64_t, std::shared_ptr<EventQueue>> queues;  // the stepping thread's, by id
  std::vector<int64_t> waiting;                           // the stepping thread's: as published
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

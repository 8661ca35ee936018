// The engine without its thread: the caller steps it. What Engine runs in its thread, and what
// tests drive step by step.
//
//   EngineCore core(model, {}, clock);
//   core.Validate(request);
//   core.Add(1, std::move(request));
//   while (core.HasWork()) {
//     for (CoreEvent& event : core.Step()) deliver(event.id, event.event);
//   }
//
// Errors: Validate and Add as Engine::Submit. Step does not throw: an error in the model or in an
// on_token ends the requests it touches with kError.
// Not thread-safe, except Validate, which reads only what never changes.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/sampler.h"
#include "engine/scheduler.h"
#include "engine/speculator.h"
#include "engine/step_pacer.h"
#include "model/batch.h"

namespace retort {

struct CoreEvent {
  int64_t id = 0;
  TokenEvent event;
};

class EngineCore {
 public:
  // Model and clock must outlive the core.
  EngineCore(LanguageModel& model, const EngineOptions& options, const Clock& clock);

  void Validate(const Request& request) const;
  // Longest sequence, prompt and answer together, that context and KV cache hold.
  int64_t max_sequence_tokens() const;

  // Ids must grow.
  void Add(int64_t id, const Request& request);
  // The events with which the request's choices end, but for those that have ended before.
  std::vector<CoreEvent> Cancel(int64_t id);
  bool HasWork() const { return !active_.empty(); }
  // Computes one step: an event for every token that came, and for every choice that ended.
  // `planned` is called when it is clear who takes part, before the computing.
  std::vector<CoreEvent> Step(const std::function<void()>& planned = nullptr);

  EngineStats Stats() const;
  // Requests with a choice that waits for its turn, in that order.
  std::vector<int64_t> WaitingRequests() const;
  const Scheduler& scheduler() const { return scheduler_; }

 private:
  // One choice of a request: a sequence of the scheduler.
  struct Active {
    Request request;  // with the choice's own seed
    TokenHistory history = {};
    std::deque<int32_t> forced = {};  // tokens to come before anything is sampled again
    std::unique_ptr<TokenConstraint> constraint = nullptr;  // where the choice stands in it
  };

  CoreEvent MakeEvent(int64_t sequence_id) const;
  void Forget(int64_t sequence_id);
  std::vector<CoreEvent> FailAll(const Plan& plan, const std::string& message);
  void AddDrafts(Plan& plan);
  std::vector<CoreEvent> TakeAll(const Plan& plan, std::span<const float> logits);
  CoreEvent TakeToken(const Sequence& sequence, std::span<const float> row);
  void Choose(const Sequence& sequence, std::span<const float> row, TokenEvent& event);
  FinishReason Steer(Active& active, const Sequence& sequence) const;
  void Count(const Plan& plan, const std::vector<CoreEvent>& events);

  LanguageModel& model_;
  const Clock& clock_;
  Scheduler scheduler_;
  Speculator speculator_;
  StepPacer pacer_;
  Sampler sampler_;
  Batch batch_;
  std::map<int64_t, Active> active_;  // by sequence id
  EngineStats stats_;
};

}  // namespace retort

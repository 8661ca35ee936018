#include "engine/engine_core.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/error.h"
#include "engine/step_builder.h"

namespace retort {
namespace {

SchedulerOptions MakeSchedulerOptions(const LanguageModel& model, const EngineOptions& options) {
  if (options.max_batch_tokens < 1 || options.max_running < 1) {
    Fail(ErrorCode::kInvalidArgument,
         "max_batch_tokens is {} and max_running {}; both must be at least 1",
         options.max_batch_tokens, options.max_running);
  }
  const int32_t max_rows = std::min(options.max_batch_tokens, model.max_rows());
  const KvGeometry geometry = model.kv_geometry();
  return {.block_size = geometry.block_size,
          .num_blocks = geometry.num_blocks,
          .max_rows = max_rows,
          .max_running = std::min(options.max_running, max_rows),
          .prefix_cache = options.prefix_cache};
}

void CheckTokens(const char* what, std::span<const int32_t> tokens, int64_t vocab_size) {
  for (int32_t token : tokens) {
    if (token < 0 || token >= vocab_size) {
      Fail(ErrorCode::kInvalidArgument, "{} holds token {}; the model's vocabulary has ids 0 to {}",
           what, token, vocab_size - 1);
    }
  }
}

}  // namespace

EngineCore::EngineCore(LanguageModel& model, const EngineOptions& options, const Clock& clock)
    : model_(model), clock_(clock), scheduler_(MakeSchedulerOptions(model, options)) {}

int64_t EngineCore::max_sequence_tokens() const {
  const SchedulerOptions& options = scheduler_.options();
  // The last token of an answer is never computed, so it takes no room in the cache.
  return std::min(model_.max_positions(),
                  static_cast<int64_t>(options.num_blocks) * options.block_size + 1);
}

void EngineCore::Validate(const Request& request) const {
  request.sampling.Validate();
  if (request.prompt.empty()) {
    Fail(ErrorCode::kInvalidArgument, "the prompt is empty; it needs at least one token");
  }
  if (request.max_tokens < 1) {
    Fail(ErrorCode::kInvalidArgument, "max_tokens is {}; it must be at least 1",
         request.max_tokens);
  }
  if (request.vocab_limit < 0) {
    Fail(ErrorCode::kInvalidArgument, "vocab_limit is {}; it must be at least 0 (0: no limit)",
         request.vocab_limit);
  }
  CheckTokens("the prompt", request.prompt, model_.vocab_size());
  const auto prompt = static_cast<int64_t>(request.prompt.size());
  if (prompt >= model_.max_positions()) {
    Fail(ErrorCode::kInvalidArgument,
         "the prompt has {} tokens and the model's context holds {}, the answer included; "
         "shorten the prompt",
         prompt, model_.max_positions());
  }
  const int64_t total = std::min(prompt + request.max_tokens, model_.max_positions());
  const SchedulerOptions& options = scheduler_.options();
  if (!scheduler_.Fits(total - 1)) {
    Fail(ErrorCode::kResourceExhausted,
         "a prompt of {} tokens and an answer of up to {} need a KV cache of {} tokens and this "
         "one holds {}; lower max_tokens or enlarge the cache",
         prompt, total - prompt, total - 1,
         static_cast<int64_t>(options.num_blocks) * options.block_size);
  }
}

void EngineCore::Add(int64_t id, Request request) {
  Validate(request);
  scheduler_.Add(id, request.prompt);
  Active& active = active_[id];
  active.history.AddPrompt(request.prompt);
  active.request = std::move(request);
}

std::optional<CoreEvent> EngineCore::Cancel(int64_t id) {
  if (active_.erase(id) == 0) return std::nullopt;
  scheduler_.Remove(id);
  CoreEvent event{.id = id, .event = {}};
  event.event.finish = FinishReason::kCancelled;
  event.event.seconds = clock_.Seconds();
  return event;
}

std::vector<CoreEvent> EngineCore::Step() {
  const Plan plan = scheduler_.Next();
  if (plan.items.empty()) return {};
  BuildBatch(plan, batch_);
  std::span<const float> logits;  // [R, V]
  try {
    logits = model_.Forward(batch_);
  } catch (const std::exception& error) {
    return FailAll(plan, error.what());
  }
  const std::vector<Outcome> outcomes = SampleAll(plan, logits);
  std::vector<int32_t> sampled;
  for (const Outcome& outcome : outcomes) sampled.push_back(outcome.token);
  scheduler_.Commit(plan, sampled);
  ++stats_.steps;
  for (const RowRole role : batch_.roles) stats_.prompt_tokens += role == RowRole::kPrompt ? 1 : 0;
  stats_.generated_tokens += static_cast<int64_t>(sampled.size());
  std::vector<CoreEvent> events;
  for (const Outcome& outcome : outcomes) events.push_back(Settle(outcome));
  return events;
}

std::vector<CoreEvent> EngineCore::FailAll(const Plan& plan, const std::string& message) {
  std::vector<int64_t> ids;
  for (const PlanItem& item : plan.items) ids.push_back(item.sequence->id);
  std::vector<CoreEvent> events;
  for (int64_t id : ids) {
    events.push_back(*Cancel(id));
    events.back().event.finish = FinishReason::kError;
    events.back().event.error = message;
  }
  return events;
}

std::vector<EngineCore::Outcome> EngineCore::SampleAll(const Plan& plan,
                                                       std::span<const float> logits) {
  const auto vocab_size = static_cast<size_t>(model_.vocab_size());
  RETORT_CHECK(logits.size() == batch_.logit_rows.size() * vocab_size);
  std::vector<Outcome> outcomes;
  for (const PlanItem& item : plan.items) {
    if (!item.samples) continue;
    Active& active = active_.at(item.sequence->id);
    std::span<const float> row = logits.subspan(outcomes.size() * vocab_size, vocab_size);
    const auto limit = static_cast<size_t>(active.request.vocab_limit);
    if (limit > 0) row = row.first(std::min(limit, row.size()));
    Outcome& outcome = outcomes.emplace_back(Outcome{.id = item.sequence->id});
    if (!active.forced.empty()) {
      outcome.forced = true;
      outcome.token = active.forced.front();
      active.forced.pop_front();
      continue;
    }
    try {
      outcome.token = sampler_.Sample(row, active.request.sampling, active.history,
                                      static_cast<uint64_t>(item.sequence->num_generated()));
    } catch (const std::exception& error) {
      outcome.error = error.what();
    }
  }
  return outcomes;
}

// What a new token means for its request: it goes on, or ends and frees its blocks.
CoreEvent EngineCore::Settle(const Outcome& outcome) {
  CoreEvent result{.id = outcome.id, .event = {}};
  TokenEvent& event = result.event;
  event.seconds = clock_.Seconds();
  event.error = outcome.error;
  event.forced = outcome.forced;
  if (event.error.empty()) {
    Active& active = active_.at(outcome.id);
    active.history.AddGenerated(outcome.token);
    event.tokens.push_back(outcome.token);
    try {
      event.finish = Steer(active, *scheduler_.Find(outcome.id));
    } catch (const std::exception& error) {
      event.error = error.what();
    }
  }
  if (!event.error.empty()) event.finish = FinishReason::kError;
  if (event.finish != FinishReason::kNone) {
    active_.erase(outcome.id);
    scheduler_.Remove(outcome.id);
  }
  return result;
}

// Asks the request's owner what to do next; why the request ends, if it does.
FinishReason EngineCore::Steer(Active& active, const Sequence& sequence) const {
  const Request& request = active.request;
  const std::vector<int32_t>& stops = request.stop_tokens;
  if (std::find(stops.begin(), stops.end(), sequence.tokens.back()) != stops.end()) {
    return FinishReason::kStop;
  }
  const std::span<const int32_t> generated =
      std::span(sequence.tokens).subspan(static_cast<size_t>(sequence.prompt_tokens));
  if (request.on_token) {
    const Steering steering = request.on_token(generated);
    if (steering.finish != FinishReason::kNone) return steering.finish;
    CheckTokens("the forced sequence", steering.force, model_.vocab_size());
    active.forced.insert(active.forced.end(), steering.force.begin(), steering.force.end());
  }
  if (sequence.num_generated() >= request.max_tokens ||
      sequence.num_tokens() >= model_.max_positions()) {
    return FinishReason::kLength;
  }
  return FinishReason::kNone;
}

EngineStats EngineCore::Stats() const {
  EngineStats stats = stats_;
  stats.running = scheduler_.num_running();
  stats.waiting = scheduler_.num_waiting();
  stats.free_blocks = scheduler_.pool().num_free();
  stats.cached_blocks = scheduler_.index().size();
  stats.total_blocks = scheduler_.pool().num_blocks();
  stats.preemptions = scheduler_.num_preemptions();
  stats.reused_tokens = scheduler_.num_reused_tokens();
  return stats;
}

}  // namespace retort

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
  if (!(options.step_seconds >= 0)) {
    Fail(ErrorCode::kInvalidArgument, "step_seconds is {}; it must be at least 0 (0: no limit)",
         options.step_seconds);
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
    : model_(model),
      clock_(clock),
      scheduler_(MakeSchedulerOptions(model, options)),
      pacer_(options.step_seconds) {}

int64_t EngineCore::max_sequence_tokens() const {
  const SchedulerOptions& options = scheduler_.options();
  // The last token of an answer is never computed, so it takes no room in the cache.
  return std::min(model_.max_positions(),
                  static_cast<int64_t>(options.num_blocks) * options.block_size + 1);
}

void EngineCore::Validate(const Request& request) const {
  request.Validate();
  CheckTokens("the prompt", request.prompt, model_.vocab_size());
  for (const auto& [token, bias] : request.sampling.logit_bias) {
    CheckTokens("logit_bias", {&token, 1}, model_.vocab_size());
  }
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
         "one holds {}; lower max_tokens, or enlarge the cache (--kv-tokens, --kv-memory)",
         prompt, total - prompt, total - 1,
         static_cast<int64_t>(options.num_blocks) * options.block_size);
  }
}

void EngineCore::Add(int64_t id, const Request& request) {
  Validate(request);
  for (int32_t choice = 0; choice < request.num_choices; ++choice) {
    // Grows with the request, and within it with the choice.
    const int64_t sequence_id = id * kMaxChoices + choice;
    scheduler_.Add(sequence_id, request.prompt);
    Active& active = active_.emplace(sequence_id, Active{.request = request}).first->second;
    active.request.sampling.seed = ChoiceSeed(request.sampling.seed, choice);
    active.history.AddPrompt(request.prompt);
  }
}

std::vector<CoreEvent> EngineCore::Cancel(int64_t id) {
  std::vector<CoreEvent> events;
  for (int64_t sequence_id = id * kMaxChoices; sequence_id < (id + 1) * kMaxChoices;
       ++sequence_id) {
    if (!active_.contains(sequence_id)) continue;
    events.push_back(MakeEvent(sequence_id));
    events.back().event.finish = FinishReason::kCancelled;
    Forget(sequence_id);
  }
  return events;
}

CoreEvent EngineCore::MakeEvent(int64_t sequence_id) const {
  CoreEvent result{.id = sequence_id / kMaxChoices, .event = {}};
  result.event.choice = static_cast<int32_t>(sequence_id % kMaxChoices);
  result.event.seconds = clock_.Seconds();
  result.event.cached_tokens = scheduler_.Find(sequence_id)->cached_tokens;
  return result;
}

void EngineCore::Forget(int64_t sequence_id) {
  active_.erase(sequence_id);
  scheduler_.Remove(sequence_id);
}

std::vector<CoreEvent> EngineCore::Step() {
  const double start = clock_.Seconds();
  // Nobody waits for a step that has prompts alone.
  const bool answering = scheduler_.num_decoding() > 0;
  const Plan plan = scheduler_.Next(answering ? pacer_.PromptRows() : StepPacer::kAllRows);
  if (plan.items.empty()) return {};
  BuildBatch(plan, batch_);
  std::span<const float> logits;  // [R, V]
  try {
    logits = model_.Forward(batch_);
  } catch (const std::exception& error) {
    return FailAll(plan, error.what());
  }
  std::vector<Outcome> outcomes = SampleAll(plan, logits);
  std::vector<int32_t> sampled;
  for (const Outcome& outcome : outcomes) sampled.push_back(outcome.token);
  scheduler_.Commit(plan, sampled);
  ++stats_.steps;
  for (const RowRole role : batch_.roles) stats_.prompt_tokens += role == RowRole::kPrompt ? 1 : 0;
  stats_.generated_tokens += static_cast<int64_t>(sampled.size());
  std::vector<CoreEvent> events;
  for (Outcome& outcome : outcomes) events.push_back(Settle(std::move(outcome)));
  pacer_.Record(plan.prompt_rows, clock_.Seconds() - start);
  return events;
}

std::vector<CoreEvent> EngineCore::FailAll(const Plan& plan, const std::string& message) {
  std::vector<CoreEvent> events;
  for (const PlanItem& item : plan.items) {
    events.push_back(MakeEvent(item.sequence->id));
    events.back().event.finish = FinishReason::kError;
    events.back().event.error = message;
    Forget(item.sequence->id);
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
    const std::span<const float> row = logits.subspan(outcomes.size() * vocab_size, vocab_size);
    Outcome& outcome = outcomes.emplace_back(Outcome{.sequence_id = item.sequence->id});
    try {
      Choose(*item.sequence, row, outcome);
    } catch (const std::exception& error) {
      outcome.error = error.what();
    }
  }
  return outcomes;
}

// The next token of a sequence, forced or sampled; row [V].
void EngineCore::Choose(const Sequence& sequence, std::span<const float> row, Outcome& outcome) {
  Active& active = active_.at(sequence.id);
  const Request& request = active.request;
  if (!active.forced.empty()) {
    outcome.forced = true;
    outcome.token = active.forced.front();
    active.forced.pop_front();
  } else {
    const size_t limit =
        request.vocab_limit > 0 ? static_cast<size_t>(request.vocab_limit) : row.size();
    std::span<const int32_t> banned;
    if (sequence.num_generated() < request.min_tokens) banned = request.stop_tokens;
    outcome.token =
        sampler_.Sample(row.first(std::min(limit, row.size())), request.sampling, active.history,
                        static_cast<uint64_t>(sequence.num_generated()), banned);
  }
  if (request.top_logprobs) {
    outcome.logprobs = ComputeLogprobs(row, outcome.token, *request.top_logprobs);
  }
}

// What a new token means for its choice: it goes on, or ends and gives its blocks back.
CoreEvent EngineCore::Settle(Outcome outcome) {
  const int64_t sequence_id = outcome.sequence_id;
  CoreEvent result = MakeEvent(sequence_id);
  TokenEvent& event = result.event;
  event.forced = outcome.forced;
  event.error = std::move(outcome.error);
  if (event.error.empty()) {
    Active& active = active_.at(sequence_id);
    active.history.AddGenerated(outcome.token);
    event.tokens.push_back(outcome.token);
    if (outcome.logprobs) event.logprobs.push_back(*std::move(outcome.logprobs));
    try {
      event.finish = Steer(active, *scheduler_.Find(sequence_id));
    } catch (const std::exception& error) {
      event.error = error.what();
    }
  }
  if (!event.error.empty()) event.finish = FinishReason::kError;
  if (event.finish != FinishReason::kNone) Forget(sequence_id);
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

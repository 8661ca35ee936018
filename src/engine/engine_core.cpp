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

SpeculatorOptions MakeSpeculatorOptions(const EngineOptions& options) {
  if (options.max_draft_tokens < 0) {
    Fail(ErrorCode::kInvalidArgument,
         "max_draft_tokens is {}; it must be at least 0 (0: no drafts)", options.max_draft_tokens);
  }
  return {.most = options.max_draft_tokens, .always = options.draft_always};
}

}  // namespace

EngineCore::EngineCore(LanguageModel& model, const EngineOptions& options, const Clock& clock)
    : model_(model),
      clock_(clock),
      scheduler_(MakeSchedulerOptions(model, options)),
      speculator_(MakeSpeculatorOptions(options)),
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
    if (request.constraint) active.constraint = request.constraint->Clone();
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
  speculator_.Forget(sequence_id);
  scheduler_.Remove(sequence_id);
}

std::vector<CoreEvent> EngineCore::Step(const std::function<void()>& planned) {
  const double start = clock_.Seconds();
  // Nobody waits for a step that has prompts alone.
  const bool answering = scheduler_.num_decoding() > 0;
  Plan plan = scheduler_.Next(answering ? pacer_.PromptRows() : StepPacer::kAllRows);
  if (planned) planned();
  if (plan.items.empty()) return {};
  const bool drafting = speculator_.options().most > 0 && plan.only_decodes();
  if (drafting) AddDrafts(plan);
  BuildBatch(plan, batch_);
  std::span<const float> logits;  // [R, V]
  try {
    logits = model_.Forward(batch_);
  } catch (const std::exception& error) {
    return FailAll(plan, error.what());
  }
  std::vector<CoreEvent> events = TakeAll(plan, logits);
  scheduler_.Commit(plan);
  Count(plan, events);
  const double seconds = clock_.Seconds() - start;
  // The pacer's figure for answers is that of steps without drafts.
  if (plan.prompt_rows > 0 || plan.num_rows == std::ssize(plan.items))
    pacer_.Record(plan.prompt_rows, seconds);
  if (drafting) {
    const auto rows = static_cast<int32_t>(plan.items.size());
    speculator_.Learn({.rows = rows,
                       .drafts = plan.num_rows - rows,
                       .accepted = static_cast<int32_t>(events.size()) - rows,
                       .seconds = seconds});
  }
  for (const CoreEvent& event : events) {
    if (event.event.finish != FinishReason::kNone)
      Forget(event.id * kMaxChoices + event.event.choice);
  }
  return events;
}

void EngineCore::AddDrafts(Plan& plan) {
  std::vector<DraftWish> wishes;
  for (const PlanItem& item : plan.items) {
    const Sequence& sequence = *item.sequence;
    const Active& active = active_.at(sequence.id);
    // Each draft that is right brings a token, and the row behind the last one brings one more.
    const int64_t room = std::min<int64_t>(active.request.max_tokens - sequence.num_generated(),
                                           model_.max_positions() - sequence.num_tokens());
    wishes.push_back({.sequence = &sequence,
                      .most = static_cast<int32_t>(room - 1),
                      .forced = {active.forced.begin(), active.forced.end()}});
  }
  scheduler_.AddDrafts(plan, speculator_.Propose(wishes));
  if (plan.num_rows > std::ssize(plan.items)) ++stats_.draft_steps;
  for (size_t i = 0; i < wishes.size(); ++i) {
    if (wishes[i].forced.empty()) stats_.drafted_tokens += std::ssize(plan.items[i].drafts);
  }
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

void EngineCore::Count(const Plan& plan, const std::vector<CoreEvent>& events) {
  ++stats_.steps;
  for (const PlanItem& item : plan.items) {
    stats_.prompt_tokens += std::clamp(item.sequence->prompt_tokens - item.start, 0, item.count);
  }
  for (const CoreEvent& event : events) stats_.generated_tokens += std::ssize(event.event.tokens);
}

std::vector<int64_t> EngineCore::WaitingRequests() const {
  std::vector<int64_t> requests;
  for (const int64_t sequence_id : scheduler_.WaitingIds()) {
    const int64_t request = sequence_id / kMaxChoices;
    if (requests.empty() || requests.back() != request) requests.push_back(request);
  }
  return requests;
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

// What a step's logits make of each sequence: its next token, or several where drafts come true,
// and whether it ends.
#include <algorithm>
#include <exception>

#include "base/error.h"
#include "engine/engine_core.h"

namespace retort {

// Takes the sequences' next tokens; of one with drafts, as long as they are what comes.
std::vector<CoreEvent> EngineCore::TakeAll(const Plan& plan, std::span<const float> logits) {
  const auto vocab_size = static_cast<size_t>(model_.vocab_size());
  RETORT_CHECK(logits.size() == batch_.logit_rows.size() * vocab_size);
  std::vector<CoreEvent> events;
  for (const PlanItem& item : plan.items) {
    if (!item.samples) continue;
    const size_t num_drafts = item.drafts.size();
    for (size_t i = 0; i <= num_drafts; ++i) {
      const std::span<const float> row = logits.subspan(i * vocab_size, vocab_size);
      const TokenEvent& event = events.emplace_back(TakeToken(*item.sequence, row)).event;
      if (event.finish != FinishReason::kNone || i == num_drafts) break;
      if (event.tokens.front() != item.drafts[i]) break;
      stats_.accepted_tokens += event.forced ? 0 : 1;
    }
    logits = logits.subspan((num_drafts + 1) * vocab_size);
  }
  return events;
}

// The next token of a sequence, and what it means for it: it goes on, or ends; row [V].
CoreEvent EngineCore::TakeToken(const Sequence& sequence, std::span<const float> row) {
  CoreEvent result = MakeEvent(sequence.id);
  TokenEvent& event = result.event;
  try {
    Choose(sequence, row, event);
    const int32_t token = event.tokens.front();
    scheduler_.Append(sequence.id, token);
    Active& active = active_.at(sequence.id);
    active.history.AddGenerated(token);
    if (active.constraint) active.constraint->Accept(token);
    event.finish = Steer(active, sequence);
  } catch (const std::exception& error) {
    event.error = error.what();
    event.finish = FinishReason::kError;
  }
  return result;
}

// Forced or sampled; row [V].
void EngineCore::Choose(const Sequence& sequence, std::span<const float> row, TokenEvent& event) {
  Active& active = active_.at(sequence.id);
  const Request& request = active.request;
  int32_t token = 0;
  if (!active.forced.empty()) {
    event.forced = true;
    token = active.forced.front();
    active.forced.pop_front();
  } else {
    const size_t limit =
        request.vocab_limit > 0 ? static_cast<size_t>(request.vocab_limit) : row.size();
    TokenLimits limits;
    if (sequence.num_generated() < request.min_tokens) limits.banned = request.stop_tokens;
    if (active.constraint) limits.allowed = active.constraint->Allowed();
    token =
        sampler_.Sample(row.first(std::min(limit, row.size())), request.sampling, active.history,
                        static_cast<uint64_t>(sequence.num_generated()), limits);
  }
  if (request.top_logprobs) {
    event.logprobs.push_back(ComputeLogprobs(row, token, *request.top_logprobs));
  }
  event.tokens.push_back(token);
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
  Steering steering;
  if (request.on_token) steering = request.on_token(generated);
  if (active.constraint && active.constraint->complete()) return FinishReason::kStop;
  if (steering.finish != FinishReason::kNone) return steering.finish;
  CheckTokens("the forced sequence", steering.force, model_.vocab_size());
  active.forced.insert(active.forced.end(), steering.force.begin(), steering.force.end());
  if (sequence.num_generated() >= request.max_tokens ||
      sequence.num_tokens() >= model_.max_positions()) {
    return FinishReason::kLength;
  }
  return FinishReason::kNone;
}

}  // namespace retort

// Continuous batching over a LanguageModel: one thread steps all running requests together.
//
//   Engine engine(model, {.max_batch_tokens = 256});
//   auto handle = engine.Submit({.prompt = ids, .max_tokens = 64});
//   while (auto event = handle->Next()) { use(event->tokens); }
//
// Submit, Cancel and Stats may be called from any thread; each handle from one thread at a time.
// Errors: Submit throws kInvalidArgument (empty prompt, bad parameter) or kResourceExhausted with
// figures when a request can never fit. Dropping the last handle does not cancel; Cancel does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/logprobs.h"
#include "engine/request.h"
#include "model/language_model.h"

namespace retort {

struct EngineOptions {
  int32_t max_batch_tokens = 256;  // rows per step
  // What a step should take while answers are being generated: prompts are computed in chunks that
  // fit, so that a long one does not stall the others. 0: in the largest chunks there are.
  double step_seconds = 0.1;
  int32_t max_running = 64;  // sequences computed together
  // Requests that begin like earlier ones take over what those left in the KV cache. Tokens are the
  // same either way; measurements of prompts want it off.
  bool prefix_cache = true;
  // Tokens of an answer that are guessed from its text and computed ahead in one step, at most, and
  // only where that is faster; 0: none. Tokens are the same either way (speculator.h).
  int32_t max_draft_tokens = 8;
  // Whether it is faster or not: for tests of what must not depend on it.
  bool draft_always = false;
};

// A token that a step brought to one choice of a request. A step may bring several.
struct TokenEvent {
  int32_t choice = 0;
  std::vector<int32_t> tokens = {};          // one, or none at the end
  std::vector<TokenLogprobs> logprobs = {};  // of each token, if asked for
  bool forced = false;                       // the token is on_token's, not the model's
  FinishReason finish = FinishReason::kNone;
  std::string error = {};     // for kError
  double seconds = 0;         // SteadyClock time at which it came
  int32_t cached_tokens = 0;  // of the prompt, that needed no computing
};

// What an attempt to take an event came to.
enum class Poll : uint8_t { kEvent, kNothingYet, kEnd };

class RequestHandle {
 public:
  virtual ~RequestHandle() = default;
  // Blocks for the next event, of whichever choice; nullopt once each has had one with a finish
  // reason.
  virtual std::optional<TokenEvent> Next() = 0;
  // The same without waiting. `event` is set for kEvent alone.
  virtual Poll TryNext(TokenEvent& event) = 0;
  virtual void Cancel() = 0;  // all choices
  // While a choice waits for its turn, or for its next one after a preemption: 1 for the request
  // that is next, 2 for the one behind it; else 0. From any thread.
  virtual int32_t QueuePosition() const = 0;
};

struct EngineStats {
  int32_t running = 0, waiting = 0;
  // Cached blocks are free, or in use, and will be found by requests that begin like them.
  int32_t free_blocks = 0, cached_blocks = 0, total_blocks = 0;
  // Rows of prompts count again when a preempted request recomputes them.
  int64_t steps = 0, prompt_tokens = 0, generated_tokens = 0, preemptions = 0;
  int64_t reused_tokens = 0;  // taken from the cache instead of computed
  // Steps with rows computed ahead; the tokens guessed for them, and those of these that came.
  int64_t draft_steps = 0, drafted_tokens = 0, accepted_tokens = 0;
};

class Engine {
 public:
  // The model must outlive the engine.
  Engine(LanguageModel& model, const EngineOptions& options);
  ~Engine();  // cancels what still runs
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // `on_ready` is called in the engine's thread, once after each step that brought something where
  // nothing was left to take. It must be quick and not throw.
  std::shared_ptr<RequestHandle> Submit(Request request, std::function<void()> on_ready = nullptr);
  // Longest sequence, prompt and answer together, that the model's context and KV cache hold.
  int64_t MaxSequenceTokens() const;
  EngineStats Stats() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort

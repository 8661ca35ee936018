// What a server answers, whichever interface the client speaks, and the seam at which it becomes
// the interface's own JSON: one ReplyWriter for each.
//
//   auto writer = MakeChatCompletionWriter(head, request);
//   for (const Event& event : writer->Begin()) ...            // a stream
//   for (const Event& event : writer->Push(piece)) ...
//   for (const Event& event : writer->End(outcome)) ...
//   Json body = writer->Whole(outcome);                       // or all at once
//
// Texts of a stream's events, joined, are those of Whole, for each choice. No sockets, no clock, no
// tokens of its own: pure but for what a stream remembers. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/generate_request.h"
#include "api/request_error.h"

namespace retort::api {

struct ToolCall {
  std::string id = {};
  std::string name = {};
  std::string arguments = {};  // JSON text of an object
};

struct LikelyToken {
  int32_t id = 0;
  std::string bytes = {};  // may be part of a character
  double logprob = 0;
};

struct TokenReport {
  LikelyToken chosen = {};
  std::vector<LikelyToken> top = {};
  bool reasoning = false;  // it belongs to the reasoning or its tags
};

struct ReplyTimings {         // seconds from submission
  double first_token_s = 0;   // of any kind
  double first_answer_s = 0;  // 0: there was none
  double thinking_s = 0;
  double total_s = 0;
  double tokens_per_s = 0;  // generated after the first, over the time after the first
  double load_s = 0;        // of the model, if it was loaded for this request
};

// What has come of one choice.
struct Piece {
  int32_t choice = 0;
  std::string reasoning = {};
  std::string text = {};
  std::vector<ToolCall> calls = {};  // whole ones
  std::vector<TokenReport> tokens = {};
  std::vector<int32_t> token_ids = {};
  ReplyTimings timings = {};
  int32_t generated_tokens = 0;  // so far
};

enum class Finish : uint8_t { kStop, kLength, kToolCalls, kLoop, kCancelled, kError };

struct ChoiceOutcome {
  std::string reasoning = {};
  std::string text = {};
  std::vector<ToolCall> calls = {};
  std::vector<TokenReport> tokens = {};
  std::vector<int32_t> token_ids = {};
  Finish finish = Finish::kStop;
  std::string stop_sequence = {};     // the stop string that ended it; empty: none
  bool reasoning_truncated = false;   // it ended inside the thought
  std::string thinking_end = "none";  // "model", "budget", "budget_hard", "loop", "asked"
  int32_t generated_tokens = 0;       // all, with tags and the one that stops
  int32_t reasoning_tokens = 0;       // of them, with the tags
  ReplyTimings timings = {};
};

// Of one prompt.
struct Outcome {
  std::vector<ChoiceOutcome> choices = {};
  int32_t prompt_tokens = 0;
  int32_t cached_tokens = 0;  // of them, that needed no computing
};

// What is known before the first token.
struct ReplyHead {
  std::string id = {};                    // the request's, without a prefix: "5f0c2a"
  std::string model = {};                 // as the server calls it
  int64_t created = 0;                    // seconds since 1970
  std::vector<std::string> prompts = {};  // texts, for completions that echo them
  std::string fingerprint = {};           // of the program and model; "" leaves it out
};

struct Event {
  std::string name = {};  // of a server-sent event; most have none
  std::string data = {};
};

class ReplyWriter {
 public:
  virtual ~ReplyWriter() = default;

  // Whether a stream is lines of JSON (Ollama's) instead of server-sent events.
  virtual bool json_lines() const { return false; }
  virtual std::vector<Event> Begin() = 0;
  virtual std::vector<Event> Push(const Piece& piece) = 0;
  // One outcome for each prompt. Ends the stream with what the interface ends it with.
  virtual std::vector<Event> End(const std::vector<Outcome>& outcomes) = 0;
  // Ends a stream that cannot go on.
  virtual std::vector<Event> Break(const ErrorReport& error) = 0;
  virtual Json Whole(const std::vector<Outcome>& outcomes) = 0;
};

}  // namespace retort::api

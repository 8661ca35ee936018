// What a comparison and its worker processes say to each other: one JSON object per line, one reply
// per request.
//
//   worker:  {"ready": {"facts": {...}}}                        once, when the model is loaded
//   parent:  {"op": "chat", "prompt": "1+1?", "max_tokens": 64, "temperature": 0.6, ...}
//   worker:  {"reply": {"answer": "2", "first_token_s": 0.1, ...}}
//   parent:  {"op": "fixed", "prompt_tokens": 128, "new_tokens": 256}
//   worker:  {"reply": {"first_token_s": ..., "tokens_per_s": ..., ...}}
//   parent:  {"op": "start", "questions": [{"problem": 0, "prompt": "...", "seed": 7}], ...}
//   worker:  {"reply": {}}                                       queued; nothing is computed yet
//   parent:  {"op": "advance", "seconds": 2}
//   worker:  {"reply": {"finished": [...], "new_tokens": 512, "seconds": 2.01, "left": 37}}
//
// A request that fails is answered {"error": {"code": "...", "message": "..."}} and the worker
// lives on. These are the structs of both ends and their JSON. Errors: kCorrupt for a line that is
// not of this form. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request.h"
#include "lab/compare/comparison.h"

namespace retort {

struct ChatTask {
  std::string prompt;  // the user's turn
  int max_tokens = 0;
  SamplingParams sampling;
};

struct ChatReply {
  std::string reasoning, answer;
  std::string finish;
  int prompt_tokens = 0, new_tokens = 0, reasoning_tokens = 0;
  double first_token_s = 0, tokens_per_s = 0, total_s = 0;
};

struct Question {
  int problem = 0;
  std::string prompt;
  uint64_t seed = 0;
};

struct BatchTask {
  std::vector<Question> questions;
  int max_tokens = 0;
  std::optional<int> think_budget;
  int parallel = 1;
  SamplingParams sampling;  // its seed is each question's own
};

struct BatchProgress {
  std::vector<AnswerRecord> finished;  // not graded yet
  int64_t new_tokens = 0;              // in this turn
  double seconds = 0;                  // of this turn
  int left = 0;                        // questions still without an answer
};

nlohmann::json ToJson(const ComparedModel& facts);
nlohmann::json ToJson(const ChatTask& task);
nlohmann::json ToJson(const ChatReply& reply);
nlohmann::json ToJson(const BatchTask& task);
nlohmann::json ToJson(const BatchProgress& progress);
nlohmann::json ToJson(const LengthTest& test);
nlohmann::json ToJson(const SpeedSample& sample);

// The inverse; missing or mistyped fields are kCorrupt.
ComparedModel ComparedModelFromJson(const nlohmann::json& json);
ChatTask ChatTaskFromJson(const nlohmann::json& json);
ChatReply ChatReplyFromJson(const nlohmann::json& json);
BatchTask BatchTaskFromJson(const nlohmann::json& json);
BatchProgress BatchProgressFromJson(const nlohmann::json& json);
LengthTest LengthTestFromJson(const nlohmann::json& json);
SpeedSample SpeedSampleFromJson(const nlohmann::json& json);

// One line; invalid UTF-8 in strings becomes U+FFFD.
std::string ToLine(const nlohmann::json& json);
nlohmann::json ParseLine(std::string_view line);

}  // namespace retort

// The items and the envelope of an answer of /v1/responses.
//
//   const ResponsesItems items("5f0c2a");
//   Json item = items.Message(1, "391", {}, "completed");        // {"id": "msg_5f0c2a_1", ...}
//
// Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/generate_request.h"
#include "api/reply.h"

namespace retort::api {

class ResponsesItems {
 public:
  explicit ResponsesItems(std::string id) : id_(std::move(id)) {}

  // `index` is the item's place among the output. `status`: in_progress, completed, incomplete. An
  // item in progress has no content yet.
  Json Reasoning(size_t index, const std::string& text, const std::string& status) const;
  Json Message(size_t index, const std::string& text, Json logprobs,
               const std::string& status) const;
  Json Call(size_t index, const ToolCall& call, const std::string& status) const;

  static Json ReasoningPart(const std::string& text);
  static Json TextPart(const std::string& text, Json logprobs);

 private:
  std::string id_;
};

// The response around the items, still in progress: what was asked for, said back.
Json ResponsesEnvelope(const ReplyHead& head, const GenerateRequest& request);
// Status, usage and what else is known at the end.
void EndResponses(const std::vector<Outcome>& outcomes, Json* response);
// "completed", "incomplete", "cancelled" or "failed".
std::string ResponsesStatus(Finish finish);
// Of the answer's tokens.
Json ResponsesLogprobs(const std::vector<TokenReport>& tokens);

}  // namespace retort::api

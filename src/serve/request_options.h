// What a request means for a model: the client's words, the server's defaults where it is silent,
// and the model makers' where both are.
//
//   const PreparedRequest prepared = Prepare(request, model, defaults);
//   model.generator().Complete(prepared.prompts[0].text, prepared.options, on_ready);
//
// Errors: api::RequestError naming the field; for a prompt that is longer than the context, with
// the figures. What the template refuses is the template's own message. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/generate_request.h"
#include "runtime/generation.h"
#include "serve/served_model.h"

namespace retort::serve {

// What the server does where a client says nothing.
struct RequestDefaults {
  std::optional<double> temperature = {}, top_p = {}, min_p = {}, repetition_penalty = {};
  std::optional<int32_t> top_k = {};
  std::optional<int32_t> max_tokens = {};       // nullopt: what the context leaves
  std::optional<int32_t> thinking_budget = {};  // nullopt: no limit
  bool loop_guard = true;
};

struct PreparedPrompt {
  std::string text = {};  // rendered
  std::vector<int32_t> tokens = {};
};

struct PreparedRequest {
  std::vector<PreparedPrompt> prompts = {};
  GenerationOptions options = {};
  bool parses_tool_calls = false;
  std::vector<std::string> tool_names = {};
  std::vector<std::string> warnings = {};
};

// What is drawn with where a request says nothing: the server's wishes before the model's makers'.
SamplingParams DefaultSampling(const GenerationDefaults& model, const RequestDefaults& server);

PreparedRequest Prepare(const api::GenerateRequest& request, ServedModel& model,
                        const RequestDefaults& defaults);

// The prompt of a chat as the model reads it. Throws kInvalidArgument where it has no template.
std::string RenderPrompt(const api::GenerateRequest& request, const ServedModel& model);

}  // namespace retort::serve

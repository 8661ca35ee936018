// Any bytes as the body of a request to one of the interfaces (the first byte says which): read, or
// refused with retort::Error whose report can be sent in each interface's words.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "api/anthropic_messages.h"
#include "api/json_text.h"
#include "api/ollama.h"
#include "api/ollama_models.h"
#include "api/openai_chat.h"
#include "api/openai_completions.h"
#include "api/openai_responses.h"
#include "api/read_body.h"
#include "api/tokenize.h"

namespace {

namespace api = retort::api;

void Parse(uint8_t which, const api::Json& body, const api::RequestLimits& limits) {
  switch (which % 9) {
    case 0:
      api::ParseChatCompletion(body, limits);
      return;
    case 1:
      api::ParseCompletion(body, limits);
      return;
    case 2:
      api::ParseResponses(body, limits);
      return;
    case 3:
      api::ParseAnthropicMessages(body, limits);
      return;
    case 4:
      api::ParseOllamaChat(body, limits);
      return;
    case 5:
      api::ParseOllamaGenerate(body, limits);
      return;
    case 6:
      api::ParseTokenize(body, limits);
      return;
    case 7:
      api::ParseDetokenize(body, limits);
      return;
    default:
      api::ParseOllamaShow(body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const api::RequestLimits limits = {.max_messages = 50, .max_prompts = 20, .max_array = 1000};
  try {
    Parse(data[0], api::ReadBody(text, limits), limits);
  } catch (const retort::Error& error) {
    const api::ErrorReport report = api::DescribeError(error, "fuzz");
    RETORT_CHECK(report.status == 400);
    api::JsonText(api::OpenAiError(report));
    api::JsonText(api::AnthropicError(report));
    api::JsonText(api::OllamaError(report));
  }
  return 0;
}

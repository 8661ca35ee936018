// What a client asks for, whichever interface it speaks: OpenAI's chat, completions and responses,
// Anthropic's messages, Ollama's chat and generate all become this.
//
//   GenerateRequest request = ParseChatCompletion(ReadBody(body), limits);
//   request.model; request.temperature;      // only what the client said; nullopt otherwise
//
// What a client leaves out stays empty here, so that the model's own defaults apply. Everything is
// checked for type and range where it is parsed, so that an error can name the field; what only the
// model can know (does the prompt fit, is that token in the vocabulary) is not. Plain data.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort::api {

using Json = nlohmann::ordered_json;

// Of a completion: text, or the ids of its tokens.
struct Prompt {
  std::string text = {};
  std::optional<std::vector<int32_t>> tokens = {};
};

struct ToolChoice {
  enum class Kind : uint8_t { kAuto, kNone, kRequired, kNamed } kind = Kind::kAuto;
  std::string name = {};  // of kNamed
};

struct OutputFormat {
  enum class Kind : uint8_t { kText, kJsonObject, kJsonSchema, kGrammar } kind = Kind::kText;
  Json schema = {};          // of kJsonSchema
  std::string grammar = {};  // of kGrammar: GBNF
};

// How much thinking is wanted. Nothing said: as the model and the server have it.
struct ThinkingWish {
  std::optional<bool> enabled = {};    // false: none at all
  std::optional<int32_t> budget = {};  // tokens, 0 or more
  std::optional<bool> loop_guard = {};
};

struct GenerateRequest {
  std::string model = {};  // empty: the server's only or first one

  // A chat, or prompts. Messages are in Hugging Face's form: {"role", "content" (text),
  // "reasoning_content", "tool_calls", "tool_call_id", "name"}, as templates read them; arguments
  // of tool calls are objects.
  Json messages = Json::array();
  Json tools = nullptr;  // null, or [{"type": "function", "function": {"name", ...}}]
  ToolChoice tool_choice = {};
  bool parallel_tool_calls = true;
  Json template_kwargs = Json::object();  // what else the template is given
  bool add_generation_prompt = true;
  bool continue_final_message = false;  // the last message is the beginning of the answer
  bool raw = false;                     // a prompt that no template is put around
  std::vector<Prompt> prompts = {};     // of completions; then there are no messages
  std::string suffix = {};
  bool echo = false;  // the prompt stands in front of the answer

  std::optional<double> temperature = {}, top_p = {}, min_p = {};
  std::optional<double> repetition_penalty = {}, presence_penalty = {}, frequency_penalty = {};
  std::optional<int32_t> top_k = {};
  std::optional<uint64_t> seed = {};
  std::vector<std::pair<int32_t, double>> logit_bias = {};
  std::optional<int32_t> max_tokens = {};  // nullopt: what the context leaves
  int32_t min_tokens = 0;
  bool ignore_eos = false;
  int32_t n = 1;
  std::optional<int32_t> top_logprobs = {};  // with a value (0, too), log-probabilities are wanted
  std::vector<std::string> stop = {};
  OutputFormat format = {};
  // Stop strings and the format are of the answer alone unless this says otherwise.
  bool constrain_thinking = false;

  ThinkingWish thinking = {};
  bool include_reasoning = true;
  bool separate_reasoning = true;  // false: raw text with its tags, the seeded one included
  bool return_token_ids = false;

  bool stream = false;
  bool include_usage = false;               // in a stream's last event
  bool timings_per_token = false;           // in each event
  std::optional<double> keep_alive_s = {};  // Ollama's: the model stays so long; negative: forever
  std::string user = {};

  // Names of fields that were not understood, for a warning, or an error with --strict.
  std::vector<std::string> unknown_fields = {};
  // What was understood and is likely not what was wanted: "temperature 0 makes ...".
  std::vector<std::string> warnings = {};
};

// What a server allows; beyond it is a 400 that names the field.
struct RequestLimits {
  int32_t max_n = 64;
  size_t max_stop = 16;
  size_t max_logit_bias = 1024;
  size_t max_messages = 10'000;
  size_t max_prompts = 256;
  size_t max_array = 100'000;  // elements of any array
  int max_depth = 64;          // of the body's JSON
};

}  // namespace retort::api

// /tokenize, /detokenize and /apply-template, by the fields of llama.cpp and vLLM.
//
//   TokenizeRequest request = ParseTokenize(body, limits);    // {"content": "17 * 23?"}
//   Json answer = TokenizeJson({.tokens = ids, .pieces = pieces});
//
// /tokenize takes a text (`content`, `prompt`) or a chat (`messages`, and what
// /v1/chat/completions takes beside them). `add_special` (add_special_tokens) puts the model's
// beginning of text in front; left out, that is so for `prompt` alone, as in vLLM. `parse_special`
// (left out: true) reads special tokens in the text as such. With `with_pieces`, each token comes
// with its text, or with its bytes where they are no text of their own. Errors: RequestError naming
// the field. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/generate_request.h"

namespace retort::api {

struct TokenizeRequest {
  std::string model = {};
  std::string text = {};
  std::optional<GenerateRequest> chat = {};  // then there is no text
  bool add_special = false;
  bool parse_special = true;
  bool with_pieces = false;
  std::vector<std::string> unknown_fields = {};
};
TokenizeRequest ParseTokenize(const Json& body, const RequestLimits& limits);

struct TokenizeReply {
  std::vector<int32_t> tokens = {};
  std::vector<std::string> pieces = {};  // the bytes of each token, if they were wanted
  std::optional<int32_t> max_model_len = {};
};
// {"tokens": [...], "count": 3, "max_model_len": 4096}; with pieces, the tokens are
// [{"id": 9707, "piece": "Hello"}, {"id": 240, "piece": [195]}].
Json TokenizeJson(const TokenizeReply& reply);

struct DetokenizeRequest {
  std::string model = {};
  std::vector<int32_t> tokens = {};
  std::vector<std::string> unknown_fields = {};
};
DetokenizeRequest ParseDetokenize(const Json& body, const RequestLimits& limits);
// {"content": text, "prompt": text}: llama.cpp's name and vLLM's.
Json DetokenizeJson(const std::string& text);

// A chat's body; what only matters to an answer may be there.
GenerateRequest ParseApplyTemplate(const Json& body, const RequestLimits& limits);
Json ApplyTemplateJson(const std::string& prompt);  // {"prompt": prompt}

}  // namespace retort::api

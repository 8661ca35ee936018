// OpenAI's /v1/models: which models a server has.
//
//   Json body = ModelListJson({{.id = "r1-1.5b", .created = 1767225600, .state = "loaded"}});
//   // {"object": "list", "data": [{"id": "r1-1.5b", "object": "model", ...}]}
//
// What is not known is left out. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/generate_request.h"

namespace retort::api {

struct ModelEntry {
  std::string id = {};
  int64_t created = 0;  // seconds since 1970: the file's time
  std::string owned_by = "retort";
  std::string state = {};                     // "loaded", "loading", "available"
  std::optional<int32_t> max_model_len = {};  // prompt and answer together, in tokens
  std::optional<int64_t> size_bytes = {};     // of the weights
  std::optional<int64_t> parameters = {};
  std::string architecture = {}, quantization = {};
};

Json ModelJson(const ModelEntry& model);
Json ModelListJson(const std::vector<ModelEntry>& models);

}  // namespace retort::api

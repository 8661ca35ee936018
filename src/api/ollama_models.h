// What Ollama's interface says of a server and its models: /api/tags, /api/ps, /api/show and
// /api/version.
//
//   const OllamaModel model = {.name = "r1-1.5b", .size = 1117320768, .quantization = "Q4_K_M"};
//   Json tags = OllamaTagsJson({model});                       // {"models": [...]}
//   OllamaShowRequest wanted = ParseOllamaShow(body);          // {"model": "r1-1.5b"}
//
// Errors: RequestError of the parser. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/generate_request.h"

namespace retort::api {

struct OllamaModel {
  std::string name = {};
  int64_t modified = 0;     // seconds since 1970
  int64_t size = 0;         // bytes of the file
  std::string digest = {};  // of the file, in hexadecimal
  std::string format = "gguf";
  std::string family = {};          // "qwen2"
  std::string parameter_size = {};  // "1.8B"
  std::string quantization = {};    // "Q4_K_M"
};

// A loaded one.
struct OllamaRunning {
  OllamaModel model = {};
  int64_t expires = 0;           // seconds since 1970; 0: never
  int64_t memory_on_device = 0;  // bytes
  int32_t context_length = 0;
};

struct OllamaDetails {
  OllamaModel model = {};
  std::string license = {}, parameters = {}, chat_template = {};
  Json model_info = Json::object();  // "general.architecture": ...
  std::vector<std::string> capabilities = {"completion", "thinking"};
};

struct OllamaShowRequest {
  std::string model = {};
  bool verbose = false;
};

Json OllamaTagsJson(const std::vector<OllamaModel>& models);
Json OllamaPsJson(const std::vector<OllamaRunning>& models);
Json OllamaShowJson(const OllamaDetails& details);
Json OllamaVersionJson(const std::string& version);
OllamaShowRequest ParseOllamaShow(const Json& body);

}  // namespace retort::api

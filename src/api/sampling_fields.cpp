#include "api/sampling_fields.h"

#include <charconv>
#include <set>

namespace retort::api {
namespace {

int32_t TokenIdFrom(const std::string& key, const std::string& path) {
  int32_t id = -1;
  const char* end = key.data() + key.size();
  const auto [stop, error] = std::from_chars(key.data(), end, id);
  if (error != std::errc() || stop != end || id < 0)
    RefuseValue(path, key, "token ids for names, as in {\"42\": -100}");
  return id;
}

void AddBias(int32_t id, const Json& bias, const std::string& path, GenerateRequest* request) {
  request->logit_bias.emplace_back(id, NumberAt(bias, path, {.least = -100, .most = 100}));
}

void ReadLogitBias(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  const Json* map = fields.Find("logit_bias");
  if (map == nullptr) return;
  const std::string path = fields.PathOf("logit_bias");
  if (!map->is_structured()) RefuseValue(path, *map, "an object of token ids");
  if (map->size() > limits.max_logit_bias)
    RefuseValue(path, *map, fmt::format("at most {} tokens", limits.max_logit_bias));
  if (map->is_object()) {
    for (const auto& [key, bias] : map->items()) {
      const int32_t id = TokenIdFrom(key, path);
      AddBias(id, bias, fmt::format("{}.{}", path, id), request);
    }
  } else {
    for (size_t i = 0; i < map->size(); ++i) {
      const Json& pair = (*map)[i];
      const std::string place = ElementPath(path, i);
      if (!pair.is_array() || pair.size() != 2) RefuseValue(place, pair, "[token id, bias]");
      const int64_t id = IntegerAt(pair[0], ElementPath(place, 0), 0, kMaxInt32);
      AddBias(static_cast<int32_t>(id), pair[1], ElementPath(place, 1), request);
    }
  }
  std::set<int32_t> ids;
  for (const auto& [id, bias] : request->logit_bias) {
    if (!ids.insert(id).second) RefuseValue(path, *map, fmt::format("token {} once", id));
  }
}

void ReadPenalties(FieldReader& fields, GenerateRequest* request) {
  const NumberRange both = {.least = -2, .most = 2};
  request->frequency_penalty = fields.Number("frequency_penalty", both);
  request->presence_penalty = fields.Number("presence_penalty", both);
  const NumberRange positive = {.least = 0, .above_least = true};
  request->repetition_penalty = fields.Number("repetition_penalty", positive);
  const auto other = fields.Number("repeat_penalty", positive);
  if (!request->repetition_penalty) request->repetition_penalty = other;
}

void RefuseOtherSamplers(FieldReader& fields) {
  for (const char* name : {"mirostat", "dry_multiplier", "xtc_probability", "dynatemp_range",
                           "prompt_logprobs", "priority"})
    fields.Only(name, 0, "this is not supported; leave it out");
  for (const char* name : {"typical_p", "tfs_z", "length_penalty"})
    fields.Only(name, 1, "this is not supported; leave it out");
  for (const char* name : {"use_beam_search", "include_stop_str_in_output"})
    fields.Only(name, false, "this is not supported; leave it out");
  fields.Only("skip_special_tokens", true, "special tokens are never shown; leave it out");
  for (const char* name : {"stop_token_ids", "bad_words", "allowed_token_ids", "cache_salt", "lora",
                           "logprob_token_ids", "truncate_prompt_tokens"})
    fields.Refuse(name, "this is not supported; leave it out");
}

void ReadLoopGuard(FieldReader& fields, GenerateRequest* request) {
  if (fields.Object("repetition_detection") != nullptr) request->thinking.loop_guard = true;
  if (const auto guard = fields.Bool("loop_guard")) request->thinking.loop_guard = guard;
}

// Compared as JSON, the greatest unsigned number is one, too.
bool IsMinusOne(const Json& value) { return !value.is_number_unsigned() && value == -1; }

}  // namespace

void ReadSampling(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request) {
  ReadTemperature(fields, 2, request);
  request->top_p = fields.Number("top_p", {.least = 0, .most = 1, .above_least = true});
  request->top_k = ReadTopK(fields);
  request->min_p = fields.Number("min_p", {.least = 0, .most = 1, .below_most = true});
  ReadPenalties(fields, request);
  ReadLogitBias(fields, limits, request);
  request->seed = ReadSeed(fields, "seed");
  request->stop = ReadStop(fields, "stop", limits);
  const auto choices = fields.Int32("n_cmpl", 1, limits.max_n);
  request->n = fields.Int32("n", 1, limits.max_n).value_or(choices.value_or(1));
  request->min_tokens = fields.Int32("min_tokens", 0, kMaxInt32).value_or(0);
  request->ignore_eos = fields.Bool("ignore_eos").value_or(false);
  const bool tokens = fields.Bool("return_tokens").value_or(false);
  request->return_token_ids = fields.Bool("return_token_ids").value_or(tokens);
  request->constrain_thinking = fields.Bool("constrain_thinking").value_or(false);
  ReadLoopGuard(fields, request);
  RefuseOtherSamplers(fields);
}

void ReadTemperature(FieldReader& fields, double most, GenerateRequest* request) {
  request->temperature = fields.Number("temperature", {.least = 0, .most = most});
  if (request->temperature == 0) {
    request->warnings.push_back(
        "temperature 0 makes reasoning models repeat themselves; their makers advise 0.5 to 0.7");
  }
}

std::vector<std::string> ReadStop(FieldReader& fields, std::string_view name,
                                  const RequestLimits& limits) {
  const Json* value = fields.Find(name);
  if (value == nullptr) return {};
  const std::string path = fields.PathOf(name);
  std::vector<std::string> stops;
  if (value->is_string()) {
    stops = {TextAt(*value, path)};
  } else if (value->is_array()) {
    stops = TextsAt(*value, path, limits.max_stop);
  } else {
    RefuseValue(path, *value, "a text or an array of texts");
  }
  for (const std::string& stop : stops) {
    if (stop.empty()) RefuseValue(path, *value, "texts that are not empty");
  }
  return stops;
}

std::optional<uint64_t> ReadSeed(FieldReader& fields, std::string_view name) {
  const Json* value = fields.Find(name);
  if (value == nullptr || IsMinusOne(*value)) return std::nullopt;
  if (value->is_number_unsigned()) return value->get<uint64_t>();
  const int64_t seed = IntegerAt(*value, fields.PathOf(name), std::numeric_limits<int64_t>::min(),
                                 std::numeric_limits<int64_t>::max());
  return static_cast<uint64_t>(seed);
}

std::optional<int32_t> ReadTokenLimit(FieldReader& fields, std::string_view name) {
  const Json* value = fields.Find(name);
  if (value == nullptr || IsMinusOne(*value)) return std::nullopt;
  return fields.Int32(name, 1, kMaxInt32);
}

std::optional<int32_t> ReadTopK(FieldReader& fields) {
  const auto top_k = fields.Int32("top_k", -1, kMaxInt32);
  return top_k == -1 ? 0 : top_k;
}

void CheckMinTokens(const GenerateRequest& request) {
  if (!request.max_tokens || request.min_tokens <= *request.max_tokens) return;
  throw RequestError(ErrorCode::kInvalidArgument, "min_tokens",
                     fmt::format("min_tokens is {}; give at most max_tokens, {}",
                                 request.min_tokens, *request.max_tokens));
}

}  // namespace retort::api

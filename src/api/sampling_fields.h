// The settings of generation that the interfaces of OpenAI share, by the names which they, vLLM and
// llama.cpp have for them.
//
//   ReadSampling(fields, limits, &request);
//
//   temperature [0, 2]   top_p (0, 1]   top_k (0 or -1: all)   min_p [0, 1)   seed (-1: any)
//   frequency_penalty, presence_penalty [-2, 2]   repetition_penalty or repeat_penalty above 0
//   logit_bias {"id": [-100, 100]} or [[id, bias]]   stop: a text or several, none empty
//   n (n_cmpl)   min_tokens   ignore_eos   return_token_ids (return_tokens)   loop_guard
//   repetition_detection (vLLM's: an object turns the loop guard on)
//   constrain_thinking: stop strings and formats are of the thought, too
//
// Samplers that Retort does not have (mirostat, DRY, XTC, beams ...) are refused unless they are
// off. Errors: RequestError naming the field. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/generate_request.h"

namespace retort::api {

void ReadSampling(FieldReader& fields, const RequestLimits& limits, GenerateRequest* request);

// Single ones, for the interfaces that have other names or ranges for the rest.
void ReadTemperature(FieldReader& fields, double most, GenerateRequest* request);
std::vector<std::string> ReadStop(FieldReader& fields, std::string_view name,
                                  const RequestLimits& limits);
std::optional<uint64_t> ReadSeed(FieldReader& fields, std::string_view name);
// 1 or more; -1 is none.
std::optional<int32_t> ReadTokenLimit(FieldReader& fields, std::string_view name);
// top_k of 0 or -1 keeps all.
std::optional<int32_t> ReadTopK(FieldReader& fields);
void CheckMinTokens(const GenerateRequest& request);

}  // namespace retort::api

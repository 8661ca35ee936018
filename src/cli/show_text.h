// The pages of `retort show`: text for people, one JSON object for programs.
//
//   std::fputs(ShowText(facts, style).c_str(), stdout);
//
// Text from the file is escaped, so that it cannot steer the terminal. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/figures.h"
#include "checkpoint/checkpoint.h"
#include "cli/terminal.h"
#include "runtime/model_facts.h"

namespace retort {

std::string ShowText(const ModelFacts& facts, const Style& style);
std::string TensorTable(const std::vector<NamedTensor>& tensors, const Style& style);
// Every key with its value, long ones cut.
std::string MetadataTable(const Metadata& metadata, const Style& style);

nlohmann::ordered_json ShowJson(const ModelFacts& facts);
nlohmann::ordered_json TensorsJson(const std::vector<NamedTensor>& tensors);
// Arrays of more than 16 elements as {"length": n}.
nlohmann::ordered_json MetadataJson(const Metadata& metadata);

}  // namespace retort

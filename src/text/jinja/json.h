// Between JSON and template values, and Python's json.dumps.
//
//   Value value = FromJson(nlohmann::ordered_json::parse(R"({"a": 1})"));
//   ToJson(runtime, value, {});   // {"a": 1}
//
// Errors: Fault. Thread-safe as far as the Runtime is.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "text/jinja/runtime.h"
#include "text/jinja/value.h"

namespace retort::jinja {

Value FromJson(const nlohmann::ordered_json& json);

struct JsonStyle {
  std::optional<std::string> indent;  // what one level is indented by; absent: one line
  std::string item_separator = ", ";
  std::string key_separator = ": ";
  bool ensure_ascii = false;
  bool sort_keys = false;
};

std::string ToJson(Runtime& runtime, const Value& value, const JsonStyle& style);

}  // namespace retort::jinja

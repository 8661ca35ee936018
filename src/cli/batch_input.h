// The lines of `retort run --batch`: what each asks, and where the answering stands.
//
//   {"id": "q1", "prompt": "17 * 23?"}
//   {"messages": [{"role": "user", "content": "Hi"}], "temperature": 0, "max_tokens": 64}
//
//   BatchRequest request = ReadBatchRequest(ParseBatchLine(line), base_options, system);
//
// A line has a prompt or messages, an id if wanted (any text or number, given back), and settings
// of its own by the names of generation_settings.h. Errors: kInvalidArgument naming the field and
// its value. Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <string_view>

#include "runtime/generation.h"

namespace retort {

struct BatchRequest {
  std::unique_ptr<nlohmann::ordered_json> messages;  // an array of {"role", "content"}
  GenerationOptions options;
};

// The object that a line must be.
nlohmann::ordered_json ParseBatchLine(std::string_view line);
// `system` comes before messages that have no system message; empty: none.
BatchRequest ReadBatchRequest(const nlohmann::ordered_json& line, const GenerationOptions& base,
                              const std::string& system);

// Numbers of the lines that the answers in `output` belong to; `whole_bytes` is how far it holds
// whole lines (a kill may have cut the last one). kCorrupt for what no batch wrote.
struct BatchProgressSoFar {
  std::set<int64_t> answered;
  int64_t whole_bytes = 0;
};
BatchProgressSoFar ReadBatchProgress(std::istream& output, const std::string& name);

}  // namespace retort

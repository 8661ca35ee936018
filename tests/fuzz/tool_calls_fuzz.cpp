// Any bytes as an answer with tool calls, in the style that the first byte chooses, cut at places
// that the next eight choose: the parser gives the same as for the whole, and without a complete
// call the text is what came in.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "text/tool_calls.h"

namespace {

const std::vector<std::string> kNames = {"get", "get_all", "now"};

using Calls = std::vector<retort::ParsedToolCall>;

void Add(const retort::ToolDelta& delta, std::string& text, Calls& calls) {
  text += delta.text;
  calls.insert(calls.end(), delta.calls.begin(), delta.calls.end());
}

// Pieces of up to `longest` bytes.
void Parse(retort::ToolCallStyle style, std::string_view input, uint64_t seed, int64_t longest,
           std::string& text, Calls& calls) {
  retort::Rng rng(seed);
  retort::ToolCallParser parser(style, kNames);
  while (!input.empty()) {
    const auto n = std::min(static_cast<size_t>(rng.Int(0, longest)), input.size());
    Add(parser.Push(input.substr(0, n)), text, calls);
    input.remove_prefix(n);
  }
  Add(parser.Finish(), text, calls);
}

// Whether the bytes of `part` stand in `whole` in their order.
bool IsWithin(std::string_view part, std::string_view whole) {
  for (const char byte : whole) {
    if (!part.empty() && part.front() == byte) part.remove_prefix(1);
  }
  return part.empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  uint64_t seed = 0;
  if (size < 1 + sizeof seed) return 0;
  const auto style = static_cast<retort::ToolCallStyle>(data[0] % 5);
  std::memcpy(&seed, data + 1, sizeof seed);
  const std::string_view input(reinterpret_cast<const char*>(data) + 1 + sizeof seed,
                               size - 1 - sizeof seed);
  std::string whole_text, text;
  Calls whole_calls, calls;
  Parse(style, input, seed, INT32_MAX, whole_text, whole_calls);
  Parse(style, input, seed, 9, text, calls);
  RETORT_CHECK(text == whole_text && calls == whole_calls);
  RETORT_CHECK(!calls.empty() || text == input);
  RETORT_CHECK(IsWithin(text, input));
  for (const retort::ParsedToolCall& call : calls) {
    RETORT_CHECK(std::ranges::find(kNames, call.name) != kNames.end());
    RETORT_CHECK(call.arguments == "{}" || input.find(call.arguments) != std::string_view::npos);
    const auto json = nlohmann::json::parse(call.arguments, nullptr, /*allow_exceptions=*/false);
    RETORT_CHECK(json.is_object());
  }
  return 0;
}

// Any bytes as a chat template and its variables (JSON after the first zero byte): it renders or
// fails with retort::Error, within its limits.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "text/chat_template.h"

namespace {

nlohmann::ordered_json VariablesOf(std::string_view text) {
  static const auto kUsual = nlohmann::ordered_json::parse(
      R"({"messages": [{"role": "user", "content": "a <b> é"}, {"role": "assistant",
          "content": null, "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1.5}}}]}],
          "tools": null, "add_generation_prompt": true, "bos_token": "<s>", "eos_token": "</s>"})");
  if (text.empty()) return kUsual;
  auto variables = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  return variables.is_discarded() ? kUsual : variables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(input.find('\0'), size);
  try {
    const retort::ChatTemplate chat(input.substr(0, zero), "fuzz",
                                    {.max_steps = 3000, .max_output_bytes = 1 << 16});
    chat.Render(VariablesOf(input.substr(std::min(zero + 1, size))), {.now = std::tm{}});
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}

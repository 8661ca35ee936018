// Renders a chat template (the Jinja subset of real models' templates) to prompt text, as Hugging
// Face's apply_chat_template does: trim_blocks, lstrip_blocks, loop controls, tojson as Python's
// json.dumps(ensure_ascii=False). Immutable and thread-safe once parsed.
//
//   ChatTemplate chat(source_text, "model.gguf");
//   std::string prompt = chat.Render({{"messages", messages}, {"add_generation_prompt", true}});
//
// Errors: kCorrupt (not a template) and kUnsupported, naming construct and line, at parse time;
// kInvalidArgument when the template itself refuses (raise_exception, its message verbatim) or a
// value has the wrong type; kResourceExhausted beyond the limits, which guard against templates
// from files that nobody trusts.
#pragma once

#include <ctime>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace retort {

struct RenderLimits {
  size_t max_steps = 1'000'000;
  size_t max_output_bytes = 64u << 20;  // of all text made on the way, not only of the result
};

struct RenderOptions {
  std::optional<std::tm> now;  // what strftime_now tells; absent: the local time
};

class ChatTemplate {
 public:
  ChatTemplate(std::string_view source, std::string name, RenderLimits limits = {});
  ~ChatTemplate();
  ChatTemplate(ChatTemplate&&) noexcept;

  // `variables` is an object: messages, tools (null when absent), add_generation_prompt, bos_token,
  // eos_token, pad_token, and whatever else the caller passes on. Key order is kept.
  std::string Render(const nlohmann::ordered_json& variables,
                     const RenderOptions& options = {}) const;
  const std::string& source() const;  // as it was given

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace retort

#include "text/chat_template.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/error.h"
#include "text/jinja/interpreter.h"
#include "text/jinja/json.h"
#include "text/jinja/parser.h"

namespace retort {
namespace {

std::tm LocalTime() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local = {};
  localtime_r(&now, &local);
  return local;
}

}  // namespace

struct ChatTemplate::Impl {
  std::string source, name;
  RenderLimits limits;
  jinja::Block program;
};

ChatTemplate::ChatTemplate(std::string_view source, std::string name, RenderLimits limits) {
  jinja::Block program = jinja::Parse(source, name);
  impl_ = std::make_unique<const Impl>(
      Impl{std::string(source), std::move(name), limits, std::move(program)});
}

ChatTemplate::~ChatTemplate() = default;
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;

const std::string& ChatTemplate::source() const { return impl_->source; }

std::string ChatTemplate::Render(const nlohmann::ordered_json& variables,
                                 const RenderOptions& options) const {
  if (!variables.is_object()) {
    Fail(ErrorCode::kInvalidArgument, "{}: the template's variables must be an object, not {}",
         impl_->name, variables.type_name());
  }
  jinja::Runtime runtime(impl_->limits.max_steps, impl_->limits.max_output_bytes,
                         options.now.value_or(LocalTime()));
  int line = 1;
  try {
    std::vector<std::pair<std::string, jinja::Value>> values;
    for (const auto& [name, value] : variables.items()) {
      values.emplace_back(name, jinja::FromJson(value));
    }
    jinja::Interpreter interpreter(&runtime, std::move(values));
    try {
      return interpreter.Run(impl_->program);
    } catch (const jinja::Fault&) {
      line = interpreter.line();
      throw;
    }
  } catch (const jinja::Fault& fault) {
    Fail(fault.code(), "{}: template line {}: {}", impl_->name, line, fault.message());
  }
}

}  // namespace retort

#include "text/jinja/runtime.h"

namespace retort::jinja {

void Runtime::Spend(size_t steps) {
  if (steps > steps_left_) {
    throw Fault(ErrorCode::kResourceExhausted,
                "the template takes too many steps; raise RenderLimits::max_steps if it is right");
  }
  steps_left_ -= steps;
}

void Runtime::SpendBytes(size_t bytes) {
  if (bytes > bytes_left_) {
    throw Fault(
        ErrorCode::kResourceExhausted,
        "the template makes too much text; raise RenderLimits::max_output_bytes if it is right");
  }
  bytes_left_ -= bytes;
}

std::string Runtime::TextOf(const Value& value) {
  SpendOn(value);
  return ToText(value);
}

std::string Runtime::ReprOf(const Value& value) {
  SpendOn(value);
  return ToRepr(value);
}

Value Runtime::NewText(std::string text) {
  SpendBytes(text.size());
  return Value::Text(std::move(text));
}

Value Runtime::NewList(std::vector<Value> items, bool is_tuple) {
  Spend(items.size());
  return MakeList(std::move(items), is_tuple);
}

}  // namespace retort::jinja

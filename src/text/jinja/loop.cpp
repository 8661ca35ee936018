#include "text/jinja/loop.h"

namespace retort::jinja {

std::optional<Value> Loop::Attribute(std::string_view name) const {
  const auto index = static_cast<int64_t>(index_), length = static_cast<int64_t>(items_.size());
  if (name == "index") return Value::Int(index + 1);
  if (name == "index0") return Value::Int(index);
  if (name == "revindex") return Value::Int(length - index);
  if (name == "revindex0") return Value::Int(length - index - 1);
  if (name == "first") return Value::Bool(index == 0);
  if (name == "last") return Value::Bool(index == length - 1);
  if (name == "length") return Value::Int(length);
  if (name == "depth") return Value::Int(1);  // only recursive loops go deeper
  if (name == "depth0") return Value::Int(0);
  if (name == "previtem") {
    return index > 0 ? items_[index_ - 1] : Value::Missing("there is no previous item");
  }
  if (name == "nextitem") {
    return index + 1 < length ? items_[index_ + 1] : Value::Missing("there is no next item");
  }
  if (name == "cycle" || name == "changed") {
    Fault::ThrowUnsupported("loop.{} is not supported", name);
  }
  return std::nullopt;
}

}  // namespace retort::jinja

#include "text/jinja/object.h"

#include "text/jinja/runtime.h"

namespace retort::jinja {

const Value* ArgumentReader::NextIfGiven(std::string_view parameter) {
  const Value* found = nullptr;
  if (position_ < arguments_.positional.size()) found = &arguments_.positional[position_++];
  for (size_t i = 0; i < arguments_.named.size(); ++i) {
    if (arguments_.named[i].first != parameter) continue;
    if (found) Fault::Throw("{}() got multiple values for argument '{}'", function_, parameter);
    found = &arguments_.named[i].second;
    named_used_[i] = true;
  }
  return found;
}

Value ArgumentReader::Next(std::string_view parameter, Value otherwise) {
  const Value* given = NextIfGiven(parameter);
  return given ? *given : std::move(otherwise);
}

Value ArgumentReader::Next(std::string_view parameter) {
  const Value* given = NextIfGiven(parameter);
  if (!given) Fault::Throw("{}() missing argument '{}'", function_, parameter);
  return *given;
}

std::string ArgumentReader::NextText(std::string_view parameter) {
  const Value value = Next(parameter);
  ThrowIfUndefined(value);
  if (!value.AsText()) {
    Fault::Throw("{}() argument '{}' must be str, not {}", function_, parameter, TypeName(value));
  }
  return *value.AsText();
}

void ArgumentReader::Finish() const {
  if (position_ < arguments_.positional.size()) {
    Fault::Throw("{}() takes at most {} arguments ({} given)", function_, position_,
                 arguments_.positional.size());
  }
  for (size_t i = 0; i < named_used_.size(); ++i) {
    if (!named_used_[i]) {
      Fault::Throw("{}() got an unexpected keyword argument '{}'", function_,
                   arguments_.named[i].first);
    }
  }
}

Value Object::Call(Runtime&, const Arguments&) {
  Fault::Throw("'{}' object is not callable", type_name());
}

Value BoundMethod::Call(Runtime& runtime, const Arguments& arguments) {
  if (!self_.AsDict()) runtime.SpendOn(self_);  // texts and lists are searched, copied, counted
  return function_(runtime, self_, arguments);
}

std::optional<Value> Namespace::Attribute(std::string_view name) const {
  const auto found = attributes_.find(name);
  return found == attributes_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace retort::jinja

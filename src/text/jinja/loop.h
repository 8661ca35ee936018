// The `loop` variable: where a loop stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/jinja/object.h"

namespace retort::jinja {

class Loop : public Object {
 public:
  explicit Loop(std::vector<Value> items) : items_(std::move(items)) {}

  std::string type_name() const override { return "LoopContext"; }
  std::optional<Value> Attribute(std::string_view name) const override;

  const std::vector<Value>& items() const { return items_; }
  void MoveTo(size_t index) { index_ = index; }

 private:
  std::vector<Value> items_;
  size_t index_ = 0;
};

}  // namespace retort::jinja

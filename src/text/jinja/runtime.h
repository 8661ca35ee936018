// What one rendering shares: its limits, the clock, and the objects that it has made.
#pragma once

#include <ctime>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "text/jinja/object.h"
#include "text/jinja/value.h"

namespace retort::jinja {

class Runtime {
 public:
  Runtime(size_t max_steps, size_t max_bytes, const std::tm& now)
      : steps_left_(max_steps), bytes_left_(max_bytes), now_(now) {}

  // Work and memory are paid for before they are used; Fault (kResourceExhausted) when spent.
  void Spend(size_t steps);
  // For what walks over all of a value: turning it into text, comparing, searching.
  void SpendOn(const Value& value) { Spend(TreeSize(value)); }
  // ToText and ToRepr, paid for.
  std::string TextOf(const Value& value);
  std::string ReprOf(const Value& value);
  // A string made during rendering.
  Value NewText(std::string text);
  void SpendBytes(size_t bytes);
  // A list made during rendering.
  Value NewList(std::vector<Value> items, bool is_tuple = false);

  template <typename T, typename... Args>
  T* New(Args&&... args) {
    Spend(1);
    auto object = std::make_unique<T>(std::forward<Args>(args)...);
    T* raw = object.get();
    objects_.push_back(std::move(object));
    return raw;
  }

  const std::tm& now() const { return now_; }

 private:
  size_t steps_left_, bytes_left_;
  std::tm now_;
  std::vector<std::unique_ptr<Object>> objects_;
};

}  // namespace retort::jinja

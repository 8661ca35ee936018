// The types that keys and values are kept in, and their names for people.
//
//   ParseKvTypes("f16-q8_0")          keys F16, values Q8_0; nothing for a name that is none
//   KvTypes{}.name() == "F16"
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tensor/dtype.h"

namespace retort {

struct KvTypes {
  DType k = DType::kF16;
  DType v = DType::kF16;

  // One name where both are alike, else both, joined by a hyphen.
  std::string name() const;
  bool operator==(const KvTypes&) const = default;
};

// Those that can be asked for: f16, f16-q8_0, q8_0, in capitals or not.
std::optional<KvTypes> ParseKvTypes(std::string_view name);

}  // namespace retort

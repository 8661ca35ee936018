// The types that keys and values are kept in, and their names for people.
//
//   ParseKvTypes("f16-q8_0")          keys f16, values q8_0; nothing for a name that is none
//   KvTypes{}.name() == "f16"
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
  std::string name() const {
    const std::string key(Info(k).name);
    return k == v ? key : key + "-" + std::string(Info(v).name);
  }
  bool operator==(const KvTypes&) const = default;
};

// Those that can be asked for: f16, f16-q8_0, q8_0.
inline std::optional<KvTypes> ParseKvTypes(std::string_view name) {
  for (const KvTypes types :
       {KvTypes{}, KvTypes{DType::kF16, DType::kQ8_0}, KvTypes{DType::kQ8_0, DType::kQ8_0}}) {
    if (types.name() == name) return types;
  }
  return std::nullopt;
}

}  // namespace retort

#include "tensor/kv_types.h"

#include <algorithm>
#include <cctype>

namespace retort {

std::string KvTypes::name() const {
  const std::string key(Info(k).name);
  return k == v ? key : key + "-" + std::string(Info(v).name);
}

std::optional<KvTypes> ParseKvTypes(std::string_view name) {
  constexpr KvTypes kKnown[] = {{}, {DType::kF16, DType::kQ8_0}, {DType::kQ8_0, DType::kQ8_0}};
  const auto alike = [](unsigned char a, unsigned char b) {
    return std::toupper(a) == std::toupper(b);
  };
  for (const KvTypes types : kKnown) {
    if (std::ranges::equal(types.name(), name, alike)) return types;
  }
  return std::nullopt;
}

}  // namespace retort

#include "tensor/dtype.h"

namespace retort {
namespace {

constexpr bool InOrder() {
  for (size_t i = 0; i < kDTypeTable.size(); ++i) {
    if (static_cast<size_t>(kDTypeTable[i].dtype) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "rows stand in the order of the enumerators");

}  // namespace

std::optional<DType> DTypeFromGgml(uint32_t ggml_id) {
  for (const DTypeInfo& row : kDTypeTable) {
    if (row.ggml_id == ggml_id) return row.dtype;
  }
  return std::nullopt;
}

std::optional<DType> DTypeFromName(std::string_view name) {
  for (const DTypeInfo& row : kDTypeTable) {
    if (row.name == name) return row.dtype;
  }
  return std::nullopt;
}

}  // namespace retort

// Names of all element types that GGML has ever numbered, so that an error can say what a file
// holds even where Retort has no decoder.
#pragma once

#include <cstdint>
#include <string_view>

namespace retort {

// Empty for numbers that name no type (never used, or removed from GGML).
std::string_view GgmlTypeName(uint32_t ggml_id);

}  // namespace retort

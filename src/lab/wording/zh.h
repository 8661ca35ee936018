// zh.json as it was when the program was built (cmake/embed_text.cmake).
#pragma once

#include <string_view>

namespace retort {

extern const std::string_view kChineseJson;

}  // namespace retort

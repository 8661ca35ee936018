// The description of all paths, as OpenAPI has it: src/serve/openapi.json, part of the program.
#pragma once

#include <string_view>

namespace retort {

extern const std::string_view kOpenApiJson;

}  // namespace retort

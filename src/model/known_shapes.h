// The shapes of published models, for what is made to look like one that cannot be downloaded here.
//
//   ModelConfig config = KnownShape("r1-distill-qwen-1.5b");
//
// Errors: kInvalidArgument naming the shapes there are. Stateless and thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/config.h"

namespace retort {

// As the publisher's config.json says; `name` is the shape's.
ModelConfig KnownShape(std::string_view name);

std::vector<std::string_view> KnownShapeNames();

}  // namespace retort

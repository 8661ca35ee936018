// The oracle: plain scalar loops with double accumulation on one thread, right by inspection.
#pragma once

#include <memory>

#include "ops/backend.h"

namespace retort {

std::unique_ptr<Backend> CreateReferenceBackend();

}  // namespace retort

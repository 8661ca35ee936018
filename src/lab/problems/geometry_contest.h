// Geometry, levels 4 and 5. See draw.h; only geometry.cpp uses this.
#pragma once

#include <span>

#include "lab/problems/draw.h"

namespace retort {

std::span<const ProblemGenerator> GeometryContestGenerators(int level);

}  // namespace retort

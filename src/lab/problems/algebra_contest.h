// Algebra, levels 4 and 5. See draw.h; only algebra.cpp uses this.
#pragma once

#include <span>

#include "lab/problems/draw.h"

namespace retort {

std::span<const ProblemGenerator> AlgebraContestGenerators(int level);

}  // namespace retort

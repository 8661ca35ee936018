// Word problems, levels 4 and 5. See draw.h; only word.cpp uses this.
#pragma once

#include <span>

#include "lab/problems/draw.h"

namespace retort {

std::span<const ProblemGenerator> WordContestGenerators(int level);

}  // namespace retort

// The rows of figures of a summary, each with its interval and winner: what summary.h is made of.
// Errors: none. Stateless and thread-safe; the bootstrap's seed is fixed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/compare/summary.h"
#include "lab/wording/wording.h"

namespace retort {

using Samples = std::vector<double>;

double TokensPerSecond(const SpeedSample& sample);
double FirstTokenMs(const SpeedSample& sample);
// The field's values above 0 in the tests of this id, or in all tests if it is empty.
Samples PositiveOf(const std::vector<SpeedTest>& tests, const std::string& id,
                   const std::function<double(const SpeedSample&)>& field);

// How long each answer would take with nobody else served: the median first token, then the
// answer's tokens at the median speed of the prompts. An estimate: the answers themselves are timed
// together.
Samples AnswerSeconds(const ModelRun& run);

// Of the medians; nullopt with fewer than three samples on either side.
std::optional<Estimate> RatioOf(const Samples& first, const Samples& second);
// Whether the interval leaves out 1.
bool Differs(const std::optional<Estimate>& ratio);

std::vector<FigureRow> SpeedRows(const Comparison& comparison, const Wording& say);
std::vector<FigureRow> MemoryRows(const Comparison& comparison, const Wording& say);
std::vector<FigureRow> AnswerRows(const Comparison& comparison, const Wording& say);

}  // namespace retort

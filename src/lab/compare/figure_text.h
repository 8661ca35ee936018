// Figures as people read them: as many digits as they deserve, intervals as "0.82 ± 0.05".
// Errors: none. Stateless and thread-safe.
#pragma once

#include <string>

#include "lab/compare/summary.h"
#include "lab/wording/wording.h"

namespace retort {

// "0.82", "14.3", "152": three digits that say something.
std::string NumberText(double value);
// "14.3 ± 0.4"; without an interval as NumberText. The longer arm of the interval is shown.
std::string FigureText(const Figure& figure);
// "42 ± 12", in percent; "–" of nothing.
std::string ShareText(const Share& share);
// "+14", "−3", "0": a difference of shares in points.
std::string PointsText(double difference);
// "8 to 20", "−3 to 11", in points.
std::string PointsRangeText(const Interval& interval, const Wording& say = Wording());
// "p < 0.001", "p = 0.012"
std::string PValueText(double p);
// "0.41", "2.4": how many times.
std::string TimesText(double ratio);
// "2.3 to 2.5"
std::string TimesRangeText(const Interval& interval, const Wording& say = Wording());

}  // namespace retort

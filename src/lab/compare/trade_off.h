// Quality against latency against memory: which models are beaten by another in all three.
//
//   for (const TradeOff& t : TradeOffs(comparison, summary))
//     if (t.beaten_by < 0) ...   // on the Pareto front
//
// Quality is the share of right answers, latency the median seconds of a whole answer (see
// figure_rows.h), memory the resident bytes after load. Models without any of the three are left
// out. The front is that of the estimates: intervals that overlap may change places.
// Errors: none. Stateless and thread-safe.
#pragma once

#include <vector>

#include "lab/compare/summary.h"

namespace retort {

struct TradeOff {
  size_t model = 0;  // index into Comparison::models
  Share right;
  Figure seconds;        // per answer
  double memory_mb = 0;  // resident after load
  int beaten_by = -1;    // a model at least as good in all three and better in one
};

std::vector<TradeOff> TradeOffs(const Comparison& comparison, const Summary& summary);

}  // namespace retort

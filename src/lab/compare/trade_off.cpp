#include "lab/compare/trade_off.h"

namespace retort {
namespace {

bool Beats(const TradeOff& a, const TradeOff& b) {
  const double right_a = a.right.value(), right_b = b.right.value();
  const bool no_worse =
      right_a >= right_b && a.seconds.value <= b.seconds.value && a.memory_mb <= b.memory_mb;
  const bool better =
      right_a > right_b || a.seconds.value < b.seconds.value || a.memory_mb < b.memory_mb;
  return no_worse && better;
}

}  // namespace

std::vector<TradeOff> TradeOffs(const Comparison& comparison, const Summary& summary) {
  std::vector<TradeOff> all;
  const FigureRow* seconds = FindRow(summary.answers, "answer_seconds");
  const FigureRow* memory = FindRow(summary.memory, "memory.after_load");
  if (seconds == nullptr || memory == nullptr || summary.accuracy.empty()) return all;
  for (size_t i = 0; i < comparison.models.size(); ++i) {
    const Share& right = summary.accuracy[0].right[i];
    if (right.total == 0 || !seconds->figures[i] || !memory->figures[i]) continue;
    all.push_back({.model = i,
                   .right = right,
                   .seconds = *seconds->figures[i],
                   .memory_mb = memory->figures[i]->value});
  }
  for (TradeOff& one : all) {
    for (const TradeOff& other : all) {
      if (Beats(other, one)) one.beaten_by = static_cast<int>(other.model);
    }
  }
  return all;
}

}  // namespace retort

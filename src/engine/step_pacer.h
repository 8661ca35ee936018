// Learns what prompt rows cost, so that a step that computes a prompt beside running answers takes
// about as long as it may. Pure: it is told what steps took.
//
//   StepPacer pacer(/*step_seconds=*/0.1);
//   const int32_t rows = pacer.PromptRows();     // as many as the next step has time for
//   pacer.Record(rows, /*seconds=*/0.12);        // it took too long: the next one gets fewer
//
// A step is held to take what running answers take by themselves, and so much for each prompt row.
// Rows cost more the deeper they stand and the fewer they are, so both figures follow the last few
// steps. Measured at the size at hand, they settle on the size that fits whatever the curve is.
// Errors: none. Not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace retort {

class StepPacer {
 public:
  static constexpr int32_t kAllRows = std::numeric_limits<int32_t>::max();
  // Prompts always get on by so many rows.
  static constexpr int32_t kFewestRows = 8;

  // 0: steps may take any time.
  explicit StepPacer(double step_seconds) : step_seconds_(step_seconds) {}

  // For a step that others wait for. When the answers alone take longer than half of the time, the
  // prompt may take as long as they do: it must not wait for ever.
  int32_t PromptRows() const;

  void Record(int32_t prompt_rows, double seconds);

 private:
  double step_seconds_;
  double answers_seconds_ = 0;                        // a step without prompt rows
  std::optional<double> row_seconds_ = std::nullopt;  // what a prompt row adds
  int32_t last_rows_ = 0;                             // of the last step that says something
};

}  // namespace retort

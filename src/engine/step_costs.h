// What a step costs by its number of generated rows, learned from the times of steps.
//
//   StepCosts costs;
//   costs.Learn(/*rows=*/1, /*seconds=*/0.030);
//   costs.Learn(2, 0.034);
//   costs.Of(2) / costs.Of(1);                  // 1.13
//
// seconds = pace * cost(rows). The pace follows quickly whatever makes all steps slower or faster
// (a longer context, a busy machine), the costs follow slowly, so that what was learned of a number
// of rows a while ago stays comparable with what is measured now. It is forgotten after kFirstLife
// steps without a measurement; what then proves to be as it was is kept twice as long, and so on.
// Numbers of rows that are not known lie on the line between their neighbours; beyond them a row
// more is taken to cost kRowShare of a step of one row: about right where reading the weights is
// what takes time, and corrected by the first step of that size. Only ratios mean something.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

namespace retort {

class StepCosts {
 public:
  static constexpr double kRowShare = 0.25;
  static constexpr int64_t kFirstLife = 128;

  // rows >= 1.
  double Of(int32_t rows) const;
  // 0 while nothing has been learned.
  double SecondsOf(int32_t rows) const { return pace_ * Of(rows); }
  // Of one step. A measurement that is no time is none.
  void Learn(int32_t rows, double seconds);
  bool Knows(int32_t rows) const;
  int32_t MostKnown() const;  // rows; 0 if none are

 private:
  struct Entry {
    double cost = 0;
    int32_t count = 0;  // of measurements, up to where their weight stops falling
    int64_t measured = 0;
    int64_t life = kFirstLife;  // steps
  };

  static void BeginAnew(Entry& entry, double cost);

  double pace_ = 0;
  int64_t steps_ = 0;
  std::vector<Entry> entries_;  // [rows]
};

}  // namespace retort

// The work that one grading may do, counted in steps of at most about a microsecond, so that it
// ends soon whatever it is given, and at the same place on every machine.
//
//   Budget budget;
//   if (!budget.Spend(50)) return std::nullopt;   // before what takes 50 steps
//
// Once it cannot pay, it never does again: what is left to decide stays undecided. What is counted
// are operations on numbers and forms, and passes over an answer; passes over a whole solution are
// few and linear. Belongs to one thread.
#pragma once

#include <cstdint>

namespace retort {

class Budget {
 public:
  static constexpr int64_t kSteps = 30'000;

  // Whether there are as many; they are taken. A negative number is a bug.
  bool Spend(int64_t steps) {
    if (steps > kSteps - spent_) spent_ = kSteps;
    if (spent_ == kSteps) return false;
    spent_ += steps;
    return true;
  }
  int64_t spent() const { return spent_; }

 private:
  int64_t spent_ = 0;
};

}  // namespace retort

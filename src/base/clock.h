// Time as a value that tests can set. Seconds since an arbitrary start, monotonic.
#pragma once

#include <chrono>

namespace retort {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double Seconds() const = 0;
};

class SteadyClock : public Clock {
 public:
  double Seconds() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

class FakeClock : public Clock {
 public:
  double Seconds() const override { return seconds_; }
  void Advance(double seconds) { seconds_ += seconds; }

 private:
  double seconds_ = 0;
};

}  // namespace retort

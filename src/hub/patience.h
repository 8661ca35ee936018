// How a download bears with a bad network: what may be tried again, how often, after how long.
//
//   Retry(patience, interrupted, on_retry, [&] { return hub.List(repository, revision); });
//
// Errors: kCancelled when the user stops meanwhile; else the last error of what was tried.
#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "base/error.h"

namespace retort {

struct Patience {
  int retries = 5;              // in a row without a new byte
  double first_delay_s = 1;     // doubles with each
  double longest_delay_s = 60;  // also of what a server asks for
  double connect_s = 10;        // to reach a server
  double stall_s = 30;          // without a byte
};

// Waits up to so many seconds; true as soon as the user wants to stop. Wait(0) asks.
using Interrupted = std::function<bool(double seconds)>;
// Before a retry: what went wrong, and how long is waited.
using OnRetry = std::function<void(const std::string& reason, double seconds)>;

inline void FailIfInterrupted(const Interrupted& interrupted, double seconds = 0) {
  if (interrupted(seconds)) {
    Fail(ErrorCode::kCancelled, "interrupted; the same command goes on where it stopped");
  }
}

// A failure that may be gone the next time: a lost connection, a busy server.
class TransientError : public Error {
 public:
  explicit TransientError(const std::string& message, double wait_s = 0)
      : Error(ErrorCode::kUnavailable, message), wait_s_(wait_s) {}
  double wait_s() const { return wait_s_; }  // what the server asked for; 0: nothing

 private:
  double wait_s_;
};

// Counts failures in a row and waits between them.
class Retries {
 public:
  Retries(const Patience& patience, const Interrupted& interrupted, const OnRetry& on_retry)
      : patience_(patience), interrupted_(interrupted), on_retry_(on_retry) {}

  // Waits for the next try, or throws the error on if there were enough. `progress`: bytes came
  // since the last failure, so that it counts as the first.
  void Bear(const TransientError& error, bool progress) {
    if (progress) failures_ = 0;
    if (failures_ >= patience_.retries) throw Error(error.code(), error.what());
    double delay = patience_.first_delay_s * static_cast<double>(1 << std::min(failures_, 20));
    delay = std::min(std::max(delay, error.wait_s()), patience_.longest_delay_s);
    ++failures_;
    on_retry_(error.what(), delay);
    FailIfInterrupted(interrupted_, delay);
  }

 private:
  const Patience& patience_;
  const Interrupted& interrupted_;
  const OnRetry& on_retry_;
  int failures_ = 0;
};

template <typename F>
auto Retry(const Patience& patience, const Interrupted& interrupted, const OnRetry& on_retry,
           F attempt) {
  Retries retries(patience, interrupted, on_retry);
  while (true) {
    try {
      return attempt();
    } catch (const TransientError& error) {
      retries.Bear(error, false);
    }
  }
}

}  // namespace retort

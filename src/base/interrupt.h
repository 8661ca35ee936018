// Ctrl-C as something to wait on instead of a handler with global state.
//
//   InterruptSignals interrupts;             // before the first thread is started
//   if (interrupts.Wait(1.5)) ...            // true: interrupted, false: 1.5 s are over
//
// While one lives, SIGINT, SIGTERM and SIGHUP do not end the process; the descriptor becomes
// readable instead. Errors: kUnavailable when the system gives no descriptor. Construct in the main
// thread; fd() and Wait may be used from any.
#pragma once

#include <signal.h>

namespace retort {

class InterruptSignals {
 public:
  InterruptSignals();
  ~InterruptSignals();
  InterruptSignals(const InterruptSignals&) = delete;
  InterruptSignals& operator=(const InterruptSignals&) = delete;

  int fd() const { return fd_; }
  // Whether a signal came within `seconds`. It stays pending for later calls.
  bool Wait(double seconds) const;

 private:
  int fd_ = -1;
  sigset_t former_{};
};

}  // namespace retort

// Calls back, in a thread of its own, for every SIGINT, SIGTERM or SIGHUP while it lives.
//
//   InterruptSignals signals;                       // before the first thread is started
//   {
//     const OnInterrupt stop(signals, [&](int signal) { stream->Cancel(); });
//     while (auto piece = stream->Next()) ...
//   }                                                // from here on signals wait for the next
//   reader
//
// The callback must be thread-safe. Errors: kUnavailable when the system gives no descriptor.
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "base/interrupt.h"

namespace retort {

// The signal that came; nullopt if none is pending. Takes it off the queue.
std::optional<int> TakeSignal(const InterruptSignals& signals);

class OnInterrupt {
 public:
  OnInterrupt(const InterruptSignals& signals, std::function<void(int signal)> callback);
  ~OnInterrupt();
  OnInterrupt(const OnInterrupt&) = delete;
  OnInterrupt& operator=(const OnInterrupt&) = delete;

 private:
  void Run(const InterruptSignals& signals);

  std::function<void(int)> callback_;
  int end_fd_ = -1;  // readable once the thread should end
  std::thread thread_;
};

}  // namespace retort

// How many requests a server takes on. What is above is refused at once, with the time after which
// trying again is worth while, instead of waiting in a queue that only grows.
//
//   Admission admission({.requests = 320});
//   const auto ticket = admission.Admit("r1");    // throws Refusal when there are too many
//   ...                                           // the ticket's end makes room again
//
// Each model has its own count. Thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"

namespace retort::serve {

class Refusal : public Error {
 public:
  Refusal(const std::string& message, int retry_after_s)
      : Error(ErrorCode::kResourceExhausted, message), retry_after(retry_after_s) {}

  int retry_after;  // seconds
};

struct AdmissionLimits {
  int32_t running = 64;  // that a model works on together
  int32_t queued = 256;  // that wait behind them
};

class Admission {
 public:
  explicit Admission(const AdmissionLimits& limits) : limits_(limits) {}

  std::shared_ptr<void> Admit(const std::string& model);
  int64_t in_work() const;  // of all models

 private:
  struct Count {
    int32_t requests = 0;
    double mean_s = 1;  // that a request took lately
  };
  void Leave(const std::string& model, double seconds);

  const AdmissionLimits limits_;
  mutable std::mutex mutex_;
  std::map<std::string, Count> counts_;
};

}  // namespace retort::serve

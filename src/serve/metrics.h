// What a server counts and times, for Prometheus: vLLM's names where the meaning is vLLM's, our own
// (retort_...) for what it has none for, all of it under /metrics.
//
//   Metrics metrics;
//   metrics.Ended(report, status);
//   metrics.Text(registry.List(), server.counters());   // the exposition format
//
// Histograms have vLLM's buckets. docs/serving.md lists every name. Thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/counters.h"
#include "serve/generation_job.h"
#include "serve/model_registry.h"

namespace retort::serve {

class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void Ended(const JobReport& report);
  // Tokens that came to one choice at once, after the one before.
  void Token(const std::string& model, double seconds, int32_t tokens);
  // Refused before it was a job: "queue_full", "context_length", "invalid", ...
  void Refused(const std::string& reason);
  std::string Text(const std::vector<ModelStatus>& models, const net::ServerCounters& server);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort::serve

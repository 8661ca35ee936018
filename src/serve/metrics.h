// What a server counts and times, for Prometheus: vLLM's names where the meaning is vLLM's, our own
// (retort_...) for what it has none for, all of it under /metrics.
//
//   Metrics metrics;
//   metrics.Ended(report, status);
//   metrics.Text(registry.List(), server.counters());   // the exposition format
//
// Histograms have vLLM's buckets. docs/serving.md lists every name. Thread-safe.
#pragma once

#include <functional>
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
  // What a model's requests tell of their tokens: so many came to one choice at once, so long after
  // the one before. Looked up once, for it is called for each token. Of the metrics' life.
  std::function<void(double seconds, int32_t tokens)> TokenTimer(const std::string& model);
  // Refused before it was a job: "queue_full", "context_length", "invalid", ...
  void Refused(const std::string& reason);
  std::string Text(const std::vector<ModelStatus>& models, const net::ServerCounters& server);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort::serve

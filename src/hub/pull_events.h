// What happens while a model is brought, as JSON objects with an "event" each: what `retort pull
// --json` prints and a server streams.
//
//   PullEvents events([](const nlohmann::ordered_json& event) { Print(event); });
//   Puller(catalogue, cache, options, events).Pull(reference);
//   // {"event": "plan", ...}, {"event": "progress", "file": ..., "done": ..., "bytes": ...}, ...
//
// Progress comes at most twice a second. As thread-safe as the sink.
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "base/clock.h"
#include "hub/pull.h"

namespace retort {

class PullEvents : public PullObserver {
 public:
  using Sink = std::function<void(const nlohmann::ordered_json& event)>;
  explicit PullEvents(Sink sink) : sink_(std::move(sink)) {}

  void OnPlan(const PullPlan& plan) override;
  void OnWait(const std::string& file) override;
  void OnProgress(const RemoteFile& file, int64_t done) override;
  void OnRetry(const std::string& reason, double seconds) override;
  void OnFile(const PulledFile& file) override;

 private:
  Sink sink_;
  SteadyClock clock_;
  double last_ = -1;
};

}  // namespace retort

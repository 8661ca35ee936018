#include "hub/pull_events.h"

#include <nlohmann/json.hpp>

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kEventSeconds = 0.5;

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

void PullEvents::OnPlan(const PullPlan& plan) {
  Json files = Json::array();
  for (const RemoteFile& file : plan.files) {
    files.push_back({{"file", file.path},
                     {"bytes", file.size < 0 ? Json() : Json(file.size)},
                     {"digest", TextOrNull(file.etag)}});
  }
  sink_({{"event", "plan"},
         {"repository", plan.repository},
         {"revision", plan.revision},
         {"commit", plan.commit},
         {"missing_bytes", plan.missing_bytes},
         {"files", std::move(files)}});
}

void PullEvents::OnWait(const std::string& file) { sink_({{"event", "wait"}, {"file", file}}); }

void PullEvents::OnProgress(const RemoteFile& file, int64_t done) {
  const double now = clock_.Seconds();
  if (last_ >= 0 && now - last_ < kEventSeconds) return;
  last_ = now;
  sink_({{"event", "progress"},
         {"file", file.path},
         {"done", done},
         {"bytes", file.size < 0 ? Json() : Json(file.size)}});
}

void PullEvents::OnRetry(const std::string& reason, double seconds) {
  sink_({{"event", "retry"}, {"reason", reason}, {"wait_s", seconds}});
}

void PullEvents::OnFile(const PulledFile& file) {
  sink_({{"event", "file"},
         {"file", file.name},
         {"path", file.path},
         {"bytes", file.bytes},
         {"digest", TextOrNull(file.digest)},
         {"verified", file.verified},
         {"was_there", file.was_there},
         {"resumed_at", file.resumed_at}});
}

}  // namespace retort

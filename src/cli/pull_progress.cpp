#include "cli/pull_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "cli/show_text.h"
#include "hub/names.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kEventSeconds = 0.5;

void Print(const Json& event) {
  std::puts(event.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

void PullProgress::Say(const std::string& line) {
  bar_.reset();
  current_.clear();
  std::fprintf(stderr, "%s\n", Printable(line).c_str());
}

void PullProgress::OnPlan(const PullPlan& plan) {
  if (plan.missing_bytes == 0) return;
  Say(fmt::format("{} at {}: {} {}, {} to fetch", plan.repository, plan.commit.substr(0, 7),
                  plan.files.size(), plan.files.size() == 1 ? "file" : "files",
                  FormatBytes(plan.missing_bytes)));
}

void PullProgress::OnWait(const std::string& file) {
  Say(fmt::format("Another process is fetching {}; waiting for it", file));
}

void PullProgress::OnProgress(const RemoteFile& file, int64_t done) {
  if (file.path != current_) {
    current_ = file.path;
    const int64_t size = std::max<int64_t>(file.size, 0);
    unit_ = size > 0 && size < 10'000'000 ? 1000 : 1'000'000;
    bar_.emplace(Printable(BaseName(file.path)), size / unit_, unit_ == 1000 ? "kB" : "MB");
    bar_->StartFrom(done / unit_);
  }
  bar_->Update(done / unit_);
}

void PullProgress::OnRetry(const std::string& reason, double seconds) {
  Say(seconds > 0 ? fmt::format("{}; again in {}", reason, FormatDuration(seconds)) : reason);
}

void PullProgress::OnFile(const PulledFile& file) {
  bar_.reset();
  current_.clear();
  if (!file.was_there && !file.verified) {
    Say(fmt::format("{}: its source states no digest to check it against; it has SHA-256 {}",
                    file.name, file.digest));
  }
}

void PullEvents::OnPlan(const PullPlan& plan) {
  Json files = Json::array();
  for (const RemoteFile& file : plan.files) {
    files.push_back({{"file", file.path},
                     {"bytes", file.size < 0 ? Json() : Json(file.size)},
                     {"digest", TextOrNull(file.etag)}});
  }
  Print({{"event", "plan"},
         {"repository", plan.repository},
         {"revision", plan.revision},
         {"commit", plan.commit},
         {"missing_bytes", plan.missing_bytes},
         {"files", std::move(files)}});
}

void PullEvents::OnWait(const std::string& file) { Print({{"event", "wait"}, {"file", file}}); }

void PullEvents::OnProgress(const RemoteFile& file, int64_t done) {
  const double now = clock_.Seconds();
  if (last_ >= 0 && now - last_ < kEventSeconds) return;
  last_ = now;
  Print({{"event", "progress"},
         {"file", file.path},
         {"done", done},
         {"bytes", file.size < 0 ? Json() : Json(file.size)}});
}

void PullEvents::OnRetry(const std::string& reason, double seconds) {
  Print({{"event", "retry"}, {"reason", reason}, {"wait_s", seconds}});
}

void PullEvents::OnFile(const PulledFile& file) {
  Print({{"event", "file"},
         {"file", file.name},
         {"path", file.path},
         {"bytes", file.bytes},
         {"digest", TextOrNull(file.digest)},
         {"verified", file.verified},
         {"was_there", file.was_there},
         {"resumed_at", file.resumed_at}});
}

}  // namespace retort

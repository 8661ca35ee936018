#include "cli/pull_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/quote.h"
#include "cli/show_text.h"
#include "hub/names.h"

namespace retort {
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

}  // namespace retort

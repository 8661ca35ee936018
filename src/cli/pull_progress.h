// What `retort pull` shows while it works: a progress line on a terminal, a line for what one has
// to know (a retry, another process), or one JSON object a line for programs.
//
//   PullProgress progress;          // on stderr
//   Puller(catalogue, cache, options, progress).Pull(reference);
//
// Not thread-safe.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "cli/terminal.h"
#include "hub/pull.h"

namespace retort {

class PullProgress : public PullObserver {
 public:
  void OnPlan(const PullPlan& plan) override;
  void OnWait(const std::string& file) override;
  void OnProgress(const RemoteFile& file, int64_t done) override;
  void OnRetry(const std::string& reason, double seconds) override;
  void OnFile(const PulledFile& file) override;
  // Takes the progress line away.
  void Finish() { bar_.reset(); }

 private:
  void Say(const std::string& line);

  std::string current_;  // the file that the bar is about
  std::optional<ProgressBar> bar_;
  int64_t unit_ = 1;
};

}  // namespace retort

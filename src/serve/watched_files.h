// Files that may change while the server runs: keys, certificates.
//
//   WatchedFiles watched({"server.crt", "server.key"});
//   ReadThem();
//   ...
//   if (watched.HaveChanged()) ReadThem();      // every few seconds
//
// Seen before they are read, so that a change during the reading counts as one. A change is told of
// once, whatever becomes of the reading; files of which one is not there are on their way to be
// replaced, so they have not changed yet. A link that leads elsewhere has. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace retort::serve {

class WatchedFiles {
 public:
  explicit WatchedFiles(std::vector<std::string> paths);

  // Since it was last asked, or made.
  bool HaveChanged();

 private:
  const std::vector<std::string> paths_;
  std::mutex mutex_;
  std::string seen_;  // which files they were, how large, of when
};

}  // namespace retort::serve

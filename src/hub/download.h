// One file on its way: bytes gather in a partial file, which outlives interruptions of every kind
// and is checked against the expected digest before it may become a blob.
//
//   const Download done = DownloadFile(source, file, partial_path, patience, hooks);
//   done.digest;                        // what came; the partial file is complete and on the disk
//
// A partial file that is there is gone on with. Where the digest of such a one turns out wrong, the
// whole file is fetched once more before that counts as an error.
// Errors: kCorrupt with both digests (the partial file is removed then, and nothing else);
// kResourceExhausted when the disk is full; those of HubSource. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "hub/hub_source.h"
#include "hub/patience.h"

namespace retort {

struct DownloadHooks {
  Interrupted interrupted = [](double) { return false; };
  OnRetry on_retry = [](const std::string&, double) {};
  std::function<void(int64_t done)> on_progress = [](int64_t) {};  // bytes of this file
};

struct Download {
  std::string digest;  // SHA-256, or a git blob's SHA-1 if that is what names the file
  int64_t bytes = 0;
  int64_t resumed_at = 0;  // bytes that an earlier try had left
  bool verified = false;   // a digest was expected, and is this one
};

// The file's etag is the digest that its bytes must have, if it has the form of one.
Download DownloadFile(HubSource& source, const RemoteFile& file, const std::string& partial_path,
                      const Patience& patience, const DownloadHooks& hooks);

}  // namespace retort

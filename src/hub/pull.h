// Brings a model into the cache: finds out what its files are, fetches those that are not there,
// checks each against its digest and links them, so that Hugging Face's tools see them as theirs.
//
//   Puller puller(catalogue, cache, options, observer);
//   const PulledModel model = puller.Pull(ParseReference("r1-distill-qwen-1.5b"));
//   model.path;                               // for LoadModel
//
// A file becomes visible when it is whole. What was good stays, whatever fails.
// Errors: those of hub_source.h and download.h; kNotFound for unknown names;
// kResourceExhausted before anything is fetched when the disk cannot hold it. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hub/cache.h"
#include "hub/catalogue.h"
#include "hub/download.h"
#include "hub/file_choice.h"
#include "hub/hub_source.h"
#include "hub/model_place.h"
#include "hub/reference.h"

namespace retort {

struct PullOptions {
  std::string endpoint{kPublicHub};
  std::string revision = {};  // empty: what the reference says, else "main"
  std::string sha256 = {};    // demanded of a single file
  HttpOptions http = {};
};

struct PulledFile {
  std::string name = {};    // in the repository
  std::string path = {};    // in the cache
  std::string digest = {};  // SHA-256, or a git blob's SHA-1; empty if the hub gave none
  int64_t bytes = 0;
  int64_t resumed_at = 0;
  bool verified = false;  // against a digest that the hub or the catalogue states
  bool was_there = false;
};

struct PulledModel {
  std::string repository, revision, commit;
  std::string path;  // of the GGUF file (its first part), or of the folder
  std::vector<PulledFile> files;
};

// What a pull is about to do.
struct PullPlan {
  std::string repository, revision, commit;
  std::vector<RemoteFile> files = {};
  bool folder = false;        // the files' folder is the model
  int64_t missing_bytes = 0;  // still to fetch, as far as sizes are known
};

class PullObserver {
 public:
  virtual ~PullObserver() = default;
  virtual void OnPlan(const PullPlan&) {}
  virtual void OnWait(const std::string& file) = 0;  // another process is fetching it
  virtual void OnProgress(const RemoteFile& file, int64_t done) = 0;
  virtual void OnRetry(const std::string& reason, double seconds) = 0;
  virtual void OnFile(const PulledFile&) {}
};

class Puller {
 public:
  Puller(const Catalogue& catalogue, const HubCache& cache, PullOptions options,
         PullObserver& observer);
  PulledModel Pull(const ModelReference& reference);

 private:
  PullPlan Plan(const ModelPlace& place, const std::string& revision);
  // The plan's files, asked about one by one at one commit.
  void Describe(const ModelPlace& place, const std::vector<std::string>& names, PullPlan* plan);
  void CheckSpace(PullPlan* plan) const;
  PulledFile Bring(const PullPlan& plan, RemoteFile file);
  PulledFile Fetch(const PullPlan& plan, RemoteFile file);
  // The digest of what is in the cache as this file; nullopt: it is not there, or another one.
  std::optional<std::string> DigestOfPresent(const std::string& repository,
                                             const RemoteFile& file) const;

  const Catalogue& catalogue_;
  const HubCache& cache_;
  PullOptions options_;
  PullObserver& observer_;
  OnRetry on_retry_;
  std::unique_ptr<HubSource> source_;
};

}  // namespace retort

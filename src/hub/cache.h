// The folder in which Hugging Face's own tools keep what they download, read and written by the
// same rules, so that both see each other's files:
//
//   models--ORG--REPO/blobs/DIGEST               each content once
//   models--ORG--REPO/snapshots/COMMIT/PATH      links to blobs: the repository as it was
//   models--ORG--REPO/refs/REVISION              which commit a branch stood at
//   .locks/models--ORG--REPO/DIGEST.lock         held while a blob is downloaded
//
//   HubCache cache("~/.cache/huggingface/hub");
//   cache.Link("ORG/REPO", commit, "config.json", etag);
//
// Names are checked (names.h), so nothing is written or removed outside the folder.
// Errors: kUnavailable when the system refuses, with its reason; kInvalidArgument for bad names.
// Thread-safe as the file system is.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace retort {

struct CachedFile {
  std::string path = {};  // in the repository
  std::string blob = {};  // name among the blobs; empty where the system has no links
  int64_t bytes = 0;
};

struct CachedSnapshot {
  std::string commit;
  std::vector<std::string> refs;  // revisions that stand at it
  std::vector<CachedFile> files;  // sorted by path
};

struct CachedRepository {
  std::string name;  // "ORG/REPO"
  std::vector<CachedSnapshot> snapshots;
};

class HubCache {
 public:
  explicit HubCache(std::string root);
  const std::string& root() const { return root_; }

  std::string SnapshotFolder(const std::string& repository, const std::string& commit) const;
  std::string SnapshotPath(const std::string& repository, const std::string& commit,
                           const std::string& file) const;
  std::string BlobPath(const std::string& repository, const std::string& etag) const;
  // Where the bytes of a blob gather until they are all there.
  std::string PartialPath(const std::string& repository, const std::string& etag) const;
  std::string LockPath(const std::string& repository, const std::string& etag) const;
  // What a pull of one address remembers about it (pull.h).
  std::string OriginPath(const std::string& repository) const;

  // The commit that a revision stood at when it was last pulled; a commit is one itself.
  std::optional<std::string> Commit(const std::string& repository,
                                    const std::string& revision) const;
  void WriteRef(const std::string& repository, const std::string& revision,
                const std::string& commit) const;

  // Makes the folders of a repository.
  void Prepare(const std::string& repository) const;
  // Makes `file` of a snapshot the blob, whatever it was before.
  void Link(const std::string& repository, const std::string& commit, const std::string& file,
            const std::string& etag) const;

  // Whole repositories, sorted by name. Foreign folders are left out.
  std::vector<CachedRepository> Scan() const;
  std::optional<CachedRepository> Find(const std::string& repository) const;

  // Removes files from every snapshot, then the blobs that only they needed, empty folders, and
  // refs without a snapshot. Returns the bytes that are free now.
  int64_t Remove(const std::string& repository, const std::vector<std::string>& files) const;

 private:
  std::string RepositoryFolder(const std::string& repository) const;
  // (commit, revision) of every ref, sorted.
  std::vector<std::pair<std::string, std::string>> Refs(const std::string& repository) const;
  int64_t RemoveUnused(const std::string& repository, std::set<std::string> blobs) const;

  std::string root_;
};

}  // namespace retort

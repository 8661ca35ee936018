// Removing from the cache: links first, then the blobs that only they needed.
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "hub/cache.h"
#include "hub/folder_entries.h"
#include "hub/names.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

// Removes folders that have become empty, from the innermost out; `folder` itself included.
void RemoveEmptyFolders(const fs::path& folder) {
  for (const fs::path& entry : EntriesOf(folder)) {
    if (fs::is_directory(fs::symlink_status(entry))) RemoveEmptyFolders(entry);
  }
  ::rmdir(folder.c_str());  // refuses those that are not empty
}

void RemoveFile(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  if (error) {
    Fail(ErrorCode::kUnavailable, "{} cannot be removed: {}", Quoted(path.string(), 300),
         error.message());
  }
}

}  // namespace

int64_t HubCache::Remove(const std::string& repository,
                         const std::vector<std::string>& files) const {
  const fs::path folder = RepositoryFolder(repository);
  if (fs::is_symlink(folder)) {
    Fail(ErrorCode::kUnsupported, "{} is a link to elsewhere; remove what it leads to by hand",
         Quoted(folder.string(), 300));
  }
  const std::optional<CachedRepository> found = Find(repository);
  if (!found) return 0;
  int64_t freed = 0;
  std::set<std::string> blobs;
  for (const CachedSnapshot& snapshot : found->snapshots) {
    for (const CachedFile& file : snapshot.files) {
      if (std::find(files.begin(), files.end(), file.path) == files.end()) continue;
      const fs::path path = SnapshotPath(repository, snapshot.commit, file.path);
      if (!fs::is_symlink(path)) freed += file.bytes;
      if (!file.blob.empty()) blobs.insert(file.blob);
      RemoveFile(path);
    }
    RemoveEmptyFolders(SnapshotFolder(repository, snapshot.commit));
  }
  freed += RemoveUnused(repository, std::move(blobs));
  for (const auto& [commit, revision] : Refs(repository)) {
    if (!IsCommit(commit) || !fs::is_directory(SnapshotFolder(repository, commit))) {
      RemoveFile(folder / "refs" / revision);
    }
  }
  if (EntriesOf(folder / "snapshots").empty()) {
    std::error_code error;
    fs::remove(OriginPath(repository), error);
    fs::remove_all(folder / ".no_exist", error);  // only empty files that say what is not there
    RemoveEmptyFolders(folder);
    fs::remove_all(fs::path(LockPath(repository, "x")).parent_path(), error);
  }
  return freed;
}

int64_t HubCache::RemoveUnused(const std::string& repository, std::set<std::string> blobs) const {
  const std::optional<CachedRepository> left = Find(repository);
  const fs::path folder = RepositoryFolder(repository) + "/blobs";
  bool empty = true;
  for (const CachedSnapshot& snapshot : left->snapshots) {
    for (const CachedFile& file : snapshot.files) {
      blobs.erase(file.blob);
      empty = false;
    }
  }
  if (empty) {  // with the last file go the remains of downloads
    for (const fs::path& blob : EntriesOf(folder)) blobs.insert(blob.filename().string());
  }
  int64_t freed = 0;
  for (const std::string& name : blobs) {
    std::error_code error;
    const auto bytes = fs::is_symlink(folder / name) ? 0 : fs::file_size(folder / name, error);
    RemoveFile(folder / name);
    freed += error ? 0 : static_cast<int64_t>(bytes);
  }
  return freed;
}

}  // namespace retort

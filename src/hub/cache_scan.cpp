// What is in the cache.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "hub/cache.h"
#include "hub/folder_entries.h"
#include "hub/names.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

// "ORG/REPO" of a folder's name, if it is one of a model repository.
std::optional<std::string> RepositoryOf(const std::string& folder) {
  if (!folder.starts_with(kModelFolderPrefix)) return std::nullopt;
  const std::string rest = folder.substr(kModelFolderPrefix.size());
  const size_t separator = rest.find("--");
  if (separator == std::string::npos) return std::nullopt;
  const std::string name = rest.substr(0, separator) + "/" + rest.substr(separator + 2);
  try {
    CheckRepository(name);
  } catch (const Error&) {
    return std::nullopt;
  }
  return name;
}

// The blob that a link of a snapshot leads to: only a name among the repository's own blobs.
std::string BlobOf(const fs::path& link, const fs::path& blobs) {
  std::error_code error;
  const fs::path target = fs::read_symlink(link, error);
  if (error) return "";
  const fs::path full = (link.parent_path() / target).lexically_normal();
  const std::string name = full.filename().string();
  return full.parent_path() == blobs.lexically_normal() && IsBlobName(name) ? name : "";
}

std::vector<CachedFile> FilesOf(const fs::path& snapshot, const fs::path& blobs) {
  std::vector<CachedFile> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(snapshot, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code gone;
    if (entry->is_directory(gone) || !entry->exists(gone)) continue;  // links without blob too
    const auto size = entry->file_size(gone);
    files.push_back({.path = entry->path().lexically_relative(snapshot).string(),
                     .blob = BlobOf(entry->path(), blobs),
                     .bytes = gone ? 0 : static_cast<int64_t>(size)});
  }
  std::sort(files.begin(), files.end(),
            [](const CachedFile& a, const CachedFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> HubCache::Refs(
    const std::string& repository) const {
  const fs::path refs = RepositoryFolder(repository) + "/refs";
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(refs, error), end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->is_regular_file(error)) continue;
    std::string commit;
    std::getline(std::ifstream(entry->path()), commit);
    found.emplace_back(commit, entry->path().lexically_relative(refs).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<CachedRepository> HubCache::Find(const std::string& repository) const {
  const fs::path folder = RepositoryFolder(repository);
  if (!fs::is_directory(folder / "snapshots")) return std::nullopt;
  CachedRepository found{.name = repository, .snapshots = {}};
  const auto refs = Refs(repository);
  for (const fs::path& entry : EntriesOf(folder / "snapshots")) {
    const std::string commit = entry.filename().string();
    if (!IsCommit(commit)) continue;
    CachedSnapshot snapshot{
        .commit = commit, .refs = {}, .files = FilesOf(entry, folder / "blobs")};
    for (const auto& [at, revision] : refs) {
      if (at == commit) snapshot.refs.push_back(revision);
    }
    found.snapshots.push_back(std::move(snapshot));
  }
  return found;
}

std::vector<CachedRepository> HubCache::Scan() const {
  std::vector<CachedRepository> found;
  for (const fs::path& entry : EntriesOf(root_)) {
    const std::optional<std::string> name = RepositoryOf(entry.filename().string());
    if (!name) continue;
    if (std::optional<CachedRepository> repository = Find(*name)) {
      found.push_back(std::move(*repository));
    }
  }
  return found;
}

}  // namespace retort

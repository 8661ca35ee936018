#include "hub/cache.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/quote.h"
#include "hub/folder_entries.h"
#include "hub/names.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

// CACHEDIR.TAG as bford.info/cachedir asks for it: backups leave the folder out.
constexpr std::string_view kTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# Model files, laid out as huggingface_hub does; see https://bford.info/cachedir/\n";

[[noreturn]] void FailWith(const std::string& path, const std::string& reason) {
  Fail(ErrorCode::kUnavailable, "{}: {}; check the folder, or choose another with HF_HUB_CACHE",
       Quoted(path, 300), reason);
}

void MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) FailWith(path, error.message());
}

std::string ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char text[4096];
  file.read(text, sizeof text);
  return {text, static_cast<size_t>(file.gcount())};
}

// Whole or not at all.
void WriteSmallFile(const std::string& path, std::string_view text) {
  const std::string part = path + "." + std::to_string(::getpid());
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  std::error_code error;
  if (file) fs::rename(part, path, error);
  if (file && !error) return;
  FailWith(path, error ? error.message() : "cannot be written");
}

}  // namespace

HubCache::HubCache(std::string root) : root_(std::move(root)) {
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
}

std::string HubCache::RepositoryFolder(const std::string& repository) const {
  CheckRepository(repository);
  std::string name = repository;
  name.replace(name.find('/'), 1, "--");
  return root_ + "/" + std::string(kModelFolderPrefix) + name;
}

std::string HubCache::SnapshotFolder(const std::string& repository,
                                     const std::string& commit) const {
  RETORT_CHECK(IsCommit(commit));
  return RepositoryFolder(repository) + "/snapshots/" + commit;
}

std::string HubCache::SnapshotPath(const std::string& repository, const std::string& commit,
                                   const std::string& file) const {
  CheckFilePath(file);
  return SnapshotFolder(repository, commit) + "/" + file;
}

std::string HubCache::BlobPath(const std::string& repository, const std::string& etag) const {
  RETORT_CHECK(IsBlobName(etag));
  return RepositoryFolder(repository) + "/blobs/" + etag;
}

std::string HubCache::PartialPath(const std::string& repository, const std::string& etag) const {
  return BlobPath(repository, etag) + ".retort.incomplete";
}

std::string HubCache::LockPath(const std::string& repository, const std::string& etag) const {
  RETORT_CHECK(IsBlobName(etag));
  const std::string folder = RepositoryFolder(repository);
  return root_ + "/.locks/" + folder.substr(root_.size() + 1) + "/" + etag + ".lock";
}

std::string HubCache::OriginPath(const std::string& repository) const {
  return RepositoryFolder(repository) + "/origin.json";
}

std::optional<std::string> HubCache::Commit(const std::string& repository,
                                            const std::string& revision) const {
  CheckRevision(revision);
  const std::string folder = RepositoryFolder(repository);
  const std::string commit =
      IsCommit(revision) ? revision : ReadSmallFile(folder + "/refs/" + revision);
  if (!IsCommit(commit) || !fs::is_directory(folder + "/snapshots/" + commit)) return std::nullopt;
  return commit;
}

void HubCache::WriteRef(const std::string& repository, const std::string& revision,
                        const std::string& commit) const {
  CheckRevision(revision);
  RETORT_CHECK(IsCommit(commit));
  if (IsCommit(revision)) return;
  const std::string path = RepositoryFolder(repository) + "/refs/" + revision;
  if (ReadSmallFile(path) == commit) return;
  MakeFolder(fs::path(path).parent_path());
  WriteSmallFile(path, commit);
}

void HubCache::Prepare(const std::string& repository) const {
  const std::string folder = RepositoryFolder(repository);
  MakeFolder(folder + "/blobs");
  MakeFolder(folder + "/snapshots");
  MakeFolder(fs::path(LockPath(repository, "x")).parent_path());
  const std::string tag = root_ + "/CACHEDIR.TAG";
  if (!fs::exists(tag)) WriteSmallFile(tag, kTag);
}

void HubCache::Link(const std::string& repository, const std::string& commit,
                    const std::string& file, const std::string& etag) const {
  const fs::path link = SnapshotPath(repository, commit, file);
  const fs::path blob = BlobPath(repository, etag);
  MakeFolder(link.parent_path());
  const fs::path target = blob.lexically_relative(link.parent_path());
  std::error_code error;
  if (fs::read_symlink(link, error) == target) return;
  // Made aside and moved into place, so that a reader finds the old or the new one.
  const std::string made = link.string() + "." + std::to_string(::getpid()) + ".link";
  fs::remove(made, error);
  fs::create_symlink(target, made, error);
  if (error == std::errc::operation_not_permitted || error == std::errc::not_supported ||
      error == std::errc::function_not_supported) {
    fs::rename(blob, link, error);  // a file system without links, as on memory sticks
  } else if (!error) {
    fs::rename(made, link, error);
  }
  if (error) FailWith(link.string(), error.message());
}

}  // namespace retort

#include "hub/folder_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/quote.h"
#include "hub/cache.h"
#include "hub/digest.h"
#include "hub/names.h"
#include "hub/reference.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

// The files below a folder, sorted; hidden ones (.git, .cache) left out.
std::vector<std::string> FilesBelow(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.')) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      files.push_back(entry->path().lexically_relative(folder).string());
    }
  }
  if (error) Fail(ErrorCode::kUnavailable, "{}: {}", Quoted(folder), error.message());
  std::sort(files.begin(), files.end());
  return files;
}

// A name for this state of a folder that has no commit: changes with any name or size.
std::string ContentCommit(const std::string& folder, const std::vector<std::string>& files) {
  std::string state;
  for (const std::string& file : files) {
    state += fmt::format("{} {}\n", file, fs::file_size(folder + "/" + file));
  }
  return Sha256Hex(state).substr(0, 40);
}

RemoteFile DescribeFile(const std::string& source, const std::string& commit,
                        const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(source, error);
  if (error) Fail(ErrorCode::kNotFound, "{}: there is no such file", Quoted(source));
  return {.url = source,
          .path = path,
          .commit = commit,
          .etag = FileSha256(source),
          .size = static_cast<int64_t>(size)};
}

void ReadFrom(const RemoteFile& file, int64_t offset, ByteSink& sink) {
  std::ifstream in(file.url, std::ios::binary);
  if (!in.seekg(offset)) Fail(ErrorCode::kUnavailable, "{} cannot be read", Quoted(file.url));
  sink.Begin(offset, "");
  std::vector<char> buffer(1 << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    sink.Append({buffer.data(), static_cast<size_t>(in.gcount())});
  }
}

}  // namespace

FolderHub::FolderHub(std::string folder) : folder_(std::move(folder)) {
  if (!folder_.starts_with('/') || !fs::is_directory(folder_)) {
    Fail(ErrorCode::kNotFound,
         "HF_ENDPOINT: {} is no folder of this machine; write file:///FOLDER with its full path",
         Quoted(folder_));
  }
}

FolderHub::Place FolderHub::Find(const std::string& repository, const std::string& revision) const {
  const HubCache cache(folder_);
  if (const std::optional<std::string> commit = cache.Commit(repository, revision)) {
    return {cache.SnapshotFolder(repository, *commit), *commit};
  }
  const std::string folder = folder_ + "/" + repository;
  if (fs::is_directory(folder)) return {folder, ""};
  Fail(ErrorCode::kNotFound, "the mirror {} holds no {} (neither as {} nor as a cache)",
       Quoted(folder_), repository, Quoted(folder));
}

RemoteListing FolderHub::List(const std::string& repository, const std::string& revision) {
  const Place place = Find(repository, revision);
  std::vector<std::string> files = FilesBelow(place.folder);
  const std::string commit =
      place.commit.empty() ? ContentCommit(place.folder, files) : place.commit;
  return {commit, std::move(files)};
}

RemoteFile FolderHub::Describe(const std::string& repository, const std::string& revision,
                               const std::string& path) {
  const Place place = Find(repository, revision);
  const std::string commit =
      place.commit.empty() ? List(repository, revision).commit : place.commit;
  return DescribeFile(place.folder + "/" + path, commit, path);
}

void FolderHub::Read(const RemoteFile& file, int64_t offset, const std::string&, ByteSink& sink) {
  ReadFrom(file, offset, sink);
}

FileUrl::FileUrl(const std::string& url) : path_(url.substr(std::string_view("file://").size())) {
  if (!path_.starts_with('/')) {
    Fail(ErrorCode::kInvalidArgument, "{}: write file:///PATH with the full path", Quoted(url));
  }
}

RemoteListing FileUrl::List(const std::string&, const std::string&) {
  return {Sha256Hex("file://" + path_).substr(0, 40), {FileNameOfUrl("file://" + path_)}};
}

RemoteFile FileUrl::Describe(const std::string&, const std::string& revision,
                             const std::string& path) {
  return DescribeFile(path_, revision, path);
}

void FileUrl::Read(const RemoteFile& file, int64_t offset, const std::string&, ByteSink& sink) {
  ReadFrom(file, offset, sink);
}

}  // namespace retort

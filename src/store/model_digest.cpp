#include "store/model_digest.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/hash.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPieceBytes = size_t{4} << 20;

struct ModelFile {
  std::string path;  // without symbolic links
  std::string name;
  struct stat info {};
};

int64_t ModifiedNs(const struct stat& info) {
  return info.st_mtim.tv_sec * int64_t{1'000'000'000} + info.st_mtim.tv_nsec;
}

ModelFile Describe(const fs::path& path) {
  ModelFile file{.path = {}, .name = path.filename().string()};
  std::error_code error;
  file.path = fs::canonical(path, error).string();
  if (error || ::stat(file.path.c_str(), &file.info) != 0)
    Fail(ErrorCode::kNotFound, "cannot read {}: {}; check the path", path.string(),
         std::strerror(error ? error.value() : errno));
  return file;
}

std::vector<ModelFile> DescribeAll(const std::vector<std::string>& paths) {
  std::vector<ModelFile> files;
  for (const std::string& path : paths) files.push_back(Describe(path));
  std::sort(files.begin(), files.end(),
            [](const ModelFile& a, const ModelFile& b) { return a.name < b.name; });
  return files;
}

std::optional<std::string> Remembered(Database& database, const ModelFile& file) {
  Statement query(database,
                  "SELECT digest FROM file_digests "
                  "WHERE path = ? AND bytes = ? AND modified_ns = ? AND inode = ?");
  query.Bind(file.path, int64_t{file.info.st_size}, ModifiedNs(file.info),
             static_cast<int64_t>(file.info.st_ino));
  return query.Step() ? std::optional(query.Text(0)) : std::nullopt;
}

void Remember(Database& database, const ModelFile& file, const std::string& digest) {
  Statement(database, "INSERT OR REPLACE INTO file_digests VALUES (?, ?, ?, ?, ?)")
      .Run(file.path, int64_t{file.info.st_size}, ModifiedNs(file.info),
           static_cast<int64_t>(file.info.st_ino), digest);
}

std::string ReadDigest(const std::string& path, const std::function<void(int64_t)>& on_bytes) {
  struct File {
    int fd;
    ~File() { ::close(fd); }
  };
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0)
    Fail(ErrorCode::kNotFound, "cannot read {}: {}; check the path", path, std::strerror(errno));
  std::string piece(kPieceBytes, '\0');
  Sha256 hash;
  while (true) {
    const ssize_t read = ::read(file.fd, piece.data(), piece.size());
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) Fail(ErrorCode::kNotFound, "cannot read {}: {}", path, std::strerror(errno));
    if (read == 0) return hash.Hex();
    hash.Update({piece.data(), static_cast<size_t>(read)});
    on_bytes(read);
  }
}

}  // namespace

std::vector<std::string> FolderFiles(const std::string& folder) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().filename().string().front() != '.')
      files.push_back(entry.path().string());
  }
  return files;
}

int64_t BytesOf(const std::vector<std::string>& files) {
  int64_t bytes = 0;
  for (const ModelFile& file : DescribeAll(files)) bytes += file.info.st_size;
  return bytes;
}

std::string ModelDigest(RunStore& store, const std::vector<std::string>& paths,
                        const std::function<void(int64_t done, int64_t total)>& progress) {
  const std::vector<ModelFile> files = DescribeAll(paths);
  std::vector<std::optional<std::string>> digests;
  int64_t done = 0, total = 0;
  for (const ModelFile& file : files) {
    digests.push_back(Remembered(store.database(), file));
    if (!digests.back()) total += file.info.st_size;
  }
  std::string list;
  for (size_t i = 0; i < files.size(); ++i) {
    if (!digests[i]) {
      digests[i] = ReadDigest(files[i].path, [&](int64_t bytes) {
        done += bytes;
        if (progress) progress(done, total);
      });
      Remember(store.database(), files[i], *digests[i]);
    }
    list += *digests[i] + "  " + files[i].name + "\n";
  }
  if (files.size() == 1) return *digests.front();
  Sha256 hash;
  hash.Update(list);
  return hash.Hex();
}

}  // namespace retort

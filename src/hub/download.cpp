#include "hub/download.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "base/quote.h"
#include "hub/digest.h"
#include "hub/names.h"

namespace retort {
namespace {

// The partial file with the digest of what is in it.
class PartialFile : public ByteSink {
 public:
  PartialFile(const RemoteFile& file, std::string path, const DownloadHooks& hooks)
      : file_(file), path_(std::move(path)), hooks_(hooks), hash_(NewHash()) {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd_ < 0) FailToWrite();
  }
  ~PartialFile() override { ::close(fd_); }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  int64_t size() const { return size_; }
  const std::string& validator() const { return validator_; }
  // Of all that came; asked for once, or once more after Clear.
  std::string Digest() { return hash_->Hex(); }

  // What an earlier try left, into the hash.
  void Load() {
    std::ifstream validator(ValidatorPath(), std::ios::binary);
    std::getline(validator, validator_);
    std::vector<char> buffer(1 << 20);
    while (true) {
      FailIfInterrupted(hooks_.interrupted);
      const ssize_t count = ::read(fd_, buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) FailToWrite();
      if (count == 0) break;
      hash_->Update({buffer.data(), static_cast<size_t>(count)});
      size_ += count;
    }
    if (file_.size >= 0 && size_ > file_.size) Clear();
  }

  void Begin(int64_t offset, const std::string& validator) override {
    if (offset != size_) Clear();
    RETORT_CHECK(offset == size_);
    if (validator == validator_) return;
    validator_ = validator;
    std::ofstream(ValidatorPath(), std::ios::binary) << validator;
  }

  void Append(std::string_view bytes) override {
    if (file_.size >= 0 && size_ + static_cast<int64_t>(bytes.size()) > file_.size) {
      Fail(ErrorCode::kCorrupt, "{}: more than the {} bytes came that were announced; try again",
           Quoted(file_.path), file_.size);
    }
    hash_->Update(bytes);
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) FailToWrite();
      bytes.remove_prefix(static_cast<size_t>(written));
      size_ += written;
    }
    hooks_.on_progress(size_);
  }

  void Clear() {
    if (::ftruncate(fd_, 0) != 0 || ::lseek(fd_, 0, SEEK_SET) != 0) FailToWrite();
    hash_ = NewHash();
    size_ = 0;
  }

  // The bytes are on the disk before their name says that they are whole.
  void Keep() {
    if (::fdatasync(fd_) != 0) FailToWrite();
    Forget(ValidatorPath());
  }

  void Remove() {
    Forget(ValidatorPath());
    Forget(path_);
  }

 private:
  std::unique_ptr<StreamHash> NewHash() const {
    if (IsCommit(file_.etag) && file_.size >= 0) return GitBlobHash(file_.size);
    return std::make_unique<Sha256>();
  }

  std::string ValidatorPath() const { return path_ + ".validator"; }

  static void Forget(const std::string& path) {
    std::error_code error;
    std::filesystem::remove(path, error);
  }

  [[noreturn]] void FailToWrite() const {
    const int error = errno;
    Fail(error == ENOSPC || error == EDQUOT ? ErrorCode::kResourceExhausted
                                            : ErrorCode::kUnavailable,
         "{}: {}; make room or choose another folder with HF_HUB_CACHE, then the same command goes "
         "on at byte {}",
         Quoted(path_, 300), std::strerror(error), size_);
  }

  const RemoteFile& file_;
  std::string path_;
  const DownloadHooks& hooks_;
  std::unique_ptr<StreamHash> hash_;
  std::string validator_;
  int64_t size_ = 0;
  int fd_ = -1;
};

// Reads until all is there, bearing with what may pass.
void Fill(HubSource& source, const RemoteFile& file, PartialFile& partial, const Patience& patience,
          const DownloadHooks& hooks) {
  Retries retries(patience, hooks.interrupted, hooks.on_retry);
  while (file.size < 0 || partial.size() < file.size || file.size == 0) {
    const int64_t before = partial.size();
    try {
      source.Read(file, before, partial.validator(), partial);
      if (file.size < 0 || partial.size() == file.size) return;
      throw TransientError(
          fmt::format("{} ended after {} of {} bytes", source.Where(), partial.size(), file.size));
    } catch (const TransientError& error) {
      retries.Bear(error, partial.size() > before);
    }
  }
}

// Whether the etag is a digest of the bytes.
bool NamesContent(const RemoteFile& file) {
  return IsSha256(file.etag) || (IsCommit(file.etag) && file.size >= 0);
}

}  // namespace

Download DownloadFile(HubSource& source, const RemoteFile& file, const std::string& partial_path,
                      const Patience& patience, const DownloadHooks& hooks) {
  const std::string expected = NamesContent(file) ? file.etag : "";
  PartialFile partial(file, partial_path, hooks);
  partial.Load();
  const int64_t resumed_at = partial.size();
  hooks.on_progress(resumed_at);
  Fill(source, file, partial, patience, hooks);
  std::string digest = partial.Digest();
  if (!expected.empty() && digest != expected && resumed_at > 0) {
    hooks.on_retry("what an earlier try had left is damaged; from the start", 0);
    partial.Clear();
    Fill(source, file, partial, patience, hooks);
    digest = partial.Digest();
  }
  if (!expected.empty() && digest != expected) {
    partial.Remove();
    Fail(ErrorCode::kCorrupt,
         "{}: the digest of what {} sent is {}, must be {}; nothing was kept of it. Try again; if "
         "it stays so, something on the way changes the file",
         Quoted(file.path), source.Where(), digest, expected);
  }
  partial.Keep();
  return {.digest = digest,
          .bytes = partial.size(),
          .resumed_at = resumed_at,
          .verified = !expected.empty()};
}

}  // namespace retort

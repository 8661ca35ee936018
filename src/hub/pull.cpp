#include "hub/pull.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "hub/digest.h"
#include "hub/file_lock.h"
#include "hub/names.h"
#include "hub/origin.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kMarginBytes = 100'000'000;  // left free on the disk

int64_t SizeOf(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? -1 : static_cast<int64_t>(size);
}

// The name under which a file's bytes gather, and are locked.
std::string WorkName(const RemoteFile& file) {
  return file.etag.empty() ? Sha256Hex(file.url) : file.etag;
}

// A catalogue's figures are demands: the hub may have replaced the file since.
void HoldTo(const CatalogueFile& stated, const std::string& where, RemoteFile* file) {
  if (stated.size && file->size >= 0 && file->size != *stated.size) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} has {} bytes of it, the catalogue says {}; it is another file", Quoted(file->path),
         where, file->size, *stated.size);
  }
  if (!stated.sha256) return;
  if (IsSha256(file->etag) && file->etag != *stated.sha256) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} has a file with digest {}, the catalogue demands {}; hf:{}:{} takes it as it is",
         Quoted(file->path), where, file->etag, *stated.sha256, stated.repository, file->path);
  }
  file->etag = *stated.sha256;
}

// Whether a name says file rather than precision.
bool IsFileName(const std::string& wish) {
  return wish.find('/') != std::string::npos || wish.find('.') != std::string::npos;
}

}  // namespace

Puller::Puller(const Catalogue& catalogue, const HubCache& cache, PullOptions options,
               PullObserver& observer)
    : catalogue_(catalogue),
      cache_(cache),
      options_(std::move(options)),
      observer_(observer),
      on_retry_([this](const std::string& reason, double seconds) {
        observer_.OnRetry(reason, seconds);
      }) {}

PulledModel Puller::Pull(const ModelReference& reference) {
  const ModelPlace place = PlaceOf(reference, catalogue_);
  const bool url = reference.kind == ModelReference::Kind::kUrl;
  source_ = url ? OpenUrl(reference.url, options_.http) : OpenHub(options_.endpoint, options_.http);
  std::string revision = options_.revision.empty() ? reference.revision : options_.revision;
  if (revision.empty()) revision = "main";
  CheckRevision(revision);
  PullPlan plan = Plan(place, revision);
  cache_.Prepare(plan.repository);
  CheckSpace(&plan);
  observer_.OnPlan(plan);
  PulledModel model{.repository = plan.repository,
                    .revision = revision,
                    .commit = plan.commit,
                    .path = cache_.SnapshotFolder(plan.repository, plan.commit),
                    .files = {}};
  for (const RemoteFile& file : plan.files) {
    model.files.push_back(Bring(plan, file));
    observer_.OnFile(model.files.back());
  }
  cache_.WriteRef(plan.repository, revision, plan.commit);
  if (!plan.folder) model.path = model.files.front().path;
  return model;
}

PullPlan Puller::Plan(const ModelPlace& place, const std::string& revision) {
  PullPlan plan{.repository = place.repository, .revision = revision, .commit = "", .files = {}};
  if (IsFileName(place.wish) && !place.repository.starts_with("url/")) {
    plan.commit = revision;  // until the hub says which commit that is
    Describe(place, PartsOf(place.wish), &plan);
    return plan;
  }
  const RemoteListing listing = Retry(options_.http.patience, options_.http.interrupted, on_retry_,
                                      [&] { return source_->List(place.repository, revision); });
  const ModelFiles chosen = ChooseFiles(place.repository, listing.files, place.wish);
  plan.commit = listing.commit;
  plan.folder = chosen.folder;
  Describe(place, chosen.files, &plan);
  return plan;
}

void Puller::Describe(const ModelPlace& place, const std::vector<std::string>& names,
                      PullPlan* plan) {
  for (const std::string& name : names) {
    RemoteFile file = Retry(options_.http.patience, options_.http.interrupted, on_retry_, [&] {
      return source_->Describe(place.repository, plan->commit, name);
    });
    plan->commit = file.commit;
    if (place.stated != nullptr) HoldTo(*place.stated, source_->Where(), &file);
    if (!options_.sha256.empty()) {
      if (names.size() > 1) {
        Fail(ErrorCode::kInvalidArgument, "--sha256 is for one file, {} are {}", names.size(),
             Quoted(place.repository));
      }
      HoldTo({.precision = "",
              .repository = place.repository,
              .file = name,
              .gated = false,
              .size = std::nullopt,
              .sha256 = options_.sha256},
             source_->Where(), &file);
    }
    plan->files.push_back(std::move(file));
  }
}

void Puller::CheckSpace(PullPlan* plan) const {
  for (const RemoteFile& file : plan->files) {
    if (file.size < 0 || DigestOfPresent(plan->repository, file)) continue;
    const int64_t part = SizeOf(cache_.PartialPath(plan->repository, WorkName(file)));
    plan->missing_bytes += std::max<int64_t>(file.size - std::max<int64_t>(part, 0), 0);
  }
  std::error_code error;
  const fs::space_info space = fs::space(cache_.root(), error);
  if (error || plan->missing_bytes == 0) return;
  const auto free = static_cast<int64_t>(space.available);
  if (free - kMarginBytes >= plan->missing_bytes) return;
  Fail(ErrorCode::kResourceExhausted,
       "{} has {:.2f} GB free and {} needs {:.2f} GB more; make room (`retort list` shows what is "
       "there, `retort rm` removes) or choose another folder with HF_HUB_CACHE",
       Quoted(cache_.root(), 300), static_cast<double>(free) / 1e9, plan->repository,
       static_cast<double>(plan->missing_bytes + kMarginBytes) / 1e9);
}

std::optional<std::string> Puller::DigestOfPresent(const std::string& repository,
                                                   const RemoteFile& file) const {
  const std::string linked = cache_.SnapshotPath(repository, file.commit, file.path);
  if (file.etag.empty()) {
    const std::optional<Origin> origin = ReadOrigin(cache_.OriginPath(repository));
    const bool same = origin && !file.validator.empty() && origin->validator == file.validator &&
                      origin->bytes == SizeOf(linked) && IsBlobName(origin->sha256);
    if (!same) return std::nullopt;
    return origin->sha256;
  }
  const int64_t blob = SizeOf(cache_.BlobPath(repository, file.etag));
  const bool there = blob >= 0 && (file.size < 0 || blob == file.size);
  // Where there are no links, the snapshot holds the file itself.
  const bool moved = blob < 0 && SizeOf(linked) >= 0 && SizeOf(linked) == file.size;
  if (there || moved) return file.etag;
  return std::nullopt;
}

PulledFile Puller::Bring(const PullPlan& plan, RemoteFile file) {
  const FileLock lock(cache_.LockPath(plan.repository, WorkName(file)), options_.http.interrupted,
                      [&] { observer_.OnWait(file.path); });
  const std::optional<std::string> present = DigestOfPresent(plan.repository, file);
  if (!present) return Fetch(plan, std::move(file));
  const std::string path = cache_.SnapshotPath(plan.repository, file.commit, file.path);
  if (fs::exists(cache_.BlobPath(plan.repository, *present))) {
    cache_.Link(plan.repository, file.commit, file.path, *present);
  }
  return {.name = file.path,
          .path = path,
          .digest = IsSha256(*present) || IsCommit(*present) ? *present : "",
          .bytes = SizeOf(path),
          .was_there = true};
}

PulledFile Puller::Fetch(const PullPlan& plan, RemoteFile file) {
  const std::string partial = cache_.PartialPath(plan.repository, WorkName(file));
  const DownloadHooks hooks = {
      .interrupted = options_.http.interrupted,
      .on_retry = on_retry_,
      .on_progress = [&](int64_t done) { observer_.OnProgress(file, done); }};
  const Download done = DownloadFile(*source_, file, partial, options_.http.patience, hooks);
  const bool from_url = file.etag.empty();
  if (from_url) file.etag = done.digest;
  std::error_code error;
  fs::rename(partial, cache_.BlobPath(plan.repository, file.etag), error);
  if (error) {
    Fail(ErrorCode::kUnavailable, "{} cannot be moved into place: {}", Quoted(partial, 300),
         error.message());
  }
  cache_.Link(plan.repository, file.commit, file.path, file.etag);
  if (from_url) {
    WriteOrigin(
        cache_.OriginPath(plan.repository),
        {.url = file.url, .sha256 = done.digest, .validator = file.validator, .bytes = done.bytes});
  }
  return {.name = file.path,
          .path = cache_.SnapshotPath(plan.repository, file.commit, file.path),
          .digest = done.digest,
          .bytes = done.bytes,
          .resumed_at = done.resumed_at,
          .verified = done.verified};
}

}  // namespace retort

#include "doctor/cache_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/figures.h"
#include "base/quote.h"
#include "hub/folder_entries.h"

namespace retort::doctor {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLittleRoom = 2'000'000'000;  // less than the smallest distill wants

// The folder itself, or the one above it in which it would be made.
fs::path Existing(fs::path folder) {
  std::error_code error;
  while (!fs::exists(folder, error) && folder.has_relative_path()) folder = folder.parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

// "models--ORG--REPO" → "ORG/REPO"
std::string RepositoryOf(const std::string& folder) {
  std::string name = folder.substr(folder.find("--") + 2);
  const size_t separator = name.find("--");
  if (separator != std::string::npos) name.replace(separator, 2, "/");
  return name;
}

std::vector<PartialDownload> PartialDownloads(const std::string& folder) {
  std::vector<PartialDownload> partial;
  for (const fs::path& repository : EntriesOf(folder)) {
    const std::string name = repository.filename().string();
    if (!name.starts_with("models--")) continue;
    int64_t bytes = 0;
    bool found = false;
    for (const fs::path& blob : EntriesOf(repository / "blobs")) {
      if (blob.extension() != ".incomplete") continue;
      std::error_code error;
      const auto size = fs::file_size(blob, error);
      bytes += error ? 0 : static_cast<int64_t>(size);
      found = true;
    }
    if (found) partial.push_back({.repository = RepositoryOf(name), .bytes = bytes});
  }
  return partial;
}

Finding CheckFolder(const CacheFacts& facts) {
  const CacheSetting& setting = facts.setting;
  Finding finding{.check = "cache"};
  finding.what =
      fmt::format("{}, {}{}", Printable(setting.folder),
                  setting.chosen_by.empty() ? "the usual folder" : "chosen by " + setting.chosen_by,
                  facts.exists ? "" : "; nothing was pulled yet");
  if (facts.writable) return finding;
  finding.severity = Severity::kError;
  finding.what += "; it cannot be written";
  finding.remedy = fmt::format(
      "sudo chown -R $USER {}, or name a folder of yours: "
      "export HF_HUB_CACHE=FOLDER",
      Printable(Existing(setting.folder).string()));
  return finding;
}

Finding CheckDisk(const CacheFacts& facts) {
  Finding finding{.check = "disk",
                  .what = FormatBytes(facts.free_bytes) + " are free on the cache's disk"};
  if (facts.free_bytes >= kLittleRoom) return finding;
  finding.severity = Severity::kWarning;
  finding.what += ", less than any model of use takes";
  finding.remedy =
      "`retort list` shows what is here, `retort rm NAME` removes it; or put the "
      "cache on another disk: export HF_HUB_CACHE=FOLDER";
  return finding;
}

Finding CheckPartial(const CacheFacts& facts) {
  int64_t bytes = 0;
  std::string names;
  for (const PartialDownload& partial : facts.partial) {
    bytes += partial.bytes;
    names += (names.empty() ? "" : ", ") + Printable(partial.repository);
  }
  return {.severity = Severity::kNote,
          .check = "downloads",
          .what = fmt::format("{} not finished, {} so far: {}", facts.partial.size(),
                              FormatBytes(bytes), names),
          .remedy = fmt::format("retort pull hf:{} goes on where it stopped",
                                Printable(facts.partial.front().repository))};
}

// How a model of another program is used from here.
std::string UseText(const ModelElsewhere& model) {
  return model.is_hub_cache
             ? fmt::format("export HF_HUB_CACHE={}", Printable(model.folder))
             : fmt::format("give its path for a name: retort run {}", Printable(model.path));
}

Finding CheckElsewhere(const CacheFacts& facts) {
  std::set<std::string> programs;
  int64_t bytes = 0;
  for (const ModelElsewhere& model : facts.elsewhere) {
    programs.insert(model.program);
    bytes += model.bytes;
  }
  std::string names;
  for (const std::string& program : programs) names += (names.empty() ? "" : " and ") + program;
  const ModelElsewhere& first = facts.elsewhere.front();
  const size_t count = facts.elsewhere.size();
  const std::string many =
      count == 1
          ? fmt::format("a model of {} ({}) lies outside this cache:", names, FormatBytes(bytes))
          : fmt::format("{} models of {} ({}) lie outside this cache, such as", count, names,
                        FormatBytes(bytes));
  return {.severity = Severity::kNote,
          .check = "other caches",
          .what = fmt::format("{} {} in {}", many, Printable(first.name), Printable(first.folder)),
          .remedy = UseText(first)};
}

}  // namespace

CacheFacts GatherCache(const CacheSetting& setting) {
  CacheFacts facts{.setting = setting};
  std::error_code error;
  facts.exists = fs::is_directory(setting.folder, error);
  const fs::path existing = Existing(setting.folder);
  facts.writable = ::access(existing.c_str(), W_OK) == 0 && fs::is_directory(existing, error);
  const fs::space_info space = fs::space(existing, error);
  if (!error) facts.free_bytes = static_cast<int64_t>(space.available);
  facts.partial = PartialDownloads(setting.folder);
  return facts;
}

Findings CheckCache(const CacheFacts& facts) {
  Findings findings = {CheckFolder(facts), CheckDisk(facts)};
  if (!facts.partial.empty()) findings.push_back(CheckPartial(facts));
  if (!facts.elsewhere.empty()) findings.push_back(CheckElsewhere(facts));
  if (facts.setting.offline) {
    findings.push_back({.severity = Severity::kNote,
                        .check = "offline",
                        .what = "HF_HUB_OFFLINE is set: nothing is pulled"});
  }
  return findings;
}

Findings CheckAbsentModel(const AbsentModel& model, const CacheFacts& cache) {
  Finding finding{.severity = Severity::kNote, .check = "model"};
  finding.what = model.partly ? "only a part of it is here" : "it is not here";
  finding.remedy = "retort pull " + Printable(model.name);
  const std::string size = model.bytes > 0 ? fmt::format("about {}", FormatBytes(model.bytes)) : "";
  if (!model.elsewhere.empty()) {
    const ModelElsewhere& other = model.elsewhere.front();
    finding.what += fmt::format(", but {} ({}) has {} ({})", Printable(other.folder), other.program,
                                Printable(other.name), FormatBytes(other.bytes));
    finding.remedy = UseText(other);
    if (cache.setting.offline) finding.severity = Severity::kWarning;
  } else if (cache.setting.offline) {
    finding.severity = Severity::kError;
    finding.what += ", and HF_HUB_OFFLINE keeps it from being pulled";
    finding.remedy = "unset HF_HUB_OFFLINE; retort pull " + Printable(model.name);
  } else if (model.bytes > cache.free_bytes) {
    finding.severity = Severity::kError;
    finding.what += fmt::format("; it takes {}, and {} are free on the cache's disk", size,
                                FormatBytes(cache.free_bytes));
    finding.remedy = fmt::format(
        "make room for {} (`retort rm`), or put the cache on another "
        "disk: export HF_HUB_CACHE=FOLDER",
        FormatBytes(model.bytes - cache.free_bytes));
  } else if (!size.empty()) {
    finding.what += fmt::format("; it takes {} of the {} that are free on the cache's disk", size,
                                FormatBytes(cache.free_bytes));
  }
  return {finding};
}

}  // namespace retort::doctor

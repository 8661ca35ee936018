// The models that Retort knows by name: what they are, under which licence, and where their files
// lie. docs/models.md documents the fields of catalogue.json, which is part of the program.
//
//   const Catalogue& catalogue = ...Catalogue::Parse(kCatalogueJson);
//   if (const auto found = catalogue.Find("r1-distill-qwen-1.5b:q8_0")) found->file->repository;
//
// Size and digest of a file are stated where its publisher's are known, and absent otherwise: then
// the hub's own are what a download is checked against.
// Errors: kCorrupt, naming model and field. Immutable and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

extern const std::string_view kCatalogueJson;

struct CatalogueFile {
  std::string precision;   // "q4_k_m", "bf16"
  std::string repository;  // on the hub
  std::string file;        // empty: the repository's files of this precision, as the hub lists them
  bool gated = false;      // its owner wants terms accepted, and a token
  std::optional<int64_t> size;
  std::optional<std::string> sha256;
};

struct CatalogueModel {
  std::string name;
  std::string title;  // as its publisher writes it
  std::vector<std::string> aliases;
  std::string kind;          // "distill", "base", "native", "reference", "test"
  std::string architecture;  // as GGUF names it
  std::string licence;
  std::string base;                  // a distill's: the model that was trained further
  std::vector<std::string> natives;  // a distill's: what to compare it with
  std::vector<CatalogueFile> files;  // the default first
};

struct CatalogueMatch {
  const CatalogueModel* model = nullptr;
  const CatalogueFile* file = nullptr;  // the default if the name says no precision
  bool names_precision = false;
};

class Catalogue {
 public:
  static Catalogue Parse(std::string_view json);

  const std::vector<CatalogueModel>& models() const { return models_; }

  // A name or alias, with ":precision" if wanted, in lower case. nullopt: no such model.
  // kNotFound, naming those that there are: the model has no such precision.
  std::optional<CatalogueMatch> Find(std::string_view name) const;
  // The entry that a repository's file belongs to, if any; `precision` may be empty.
  std::optional<CatalogueMatch> FindFile(std::string_view repository,
                                         std::string_view precision) const;
  // Names that look like this one, the likeliest first.
  std::vector<std::string> Similar(std::string_view name) const;

 private:
  const CatalogueModel* FindModel(std::string_view name) const;

  std::vector<CatalogueModel> models_;
};

}  // namespace retort

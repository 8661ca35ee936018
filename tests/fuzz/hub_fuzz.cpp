// Any bytes as the name of a model, as a hub's list of files and as a catalogue. Names that pass
// stay below the folder that they are put into, and choosing among listed files never surprises.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "hub/catalogue.h"
#include "hub/file_choice.h"
#include "hub/http_hub.h"
#include "hub/names.h"
#include "hub/reference.h"

namespace {

template <typename F>
void Refusable(F parse) {
  try {
    parse();
  } catch (const retort::Error&) {
  }
}

void CheckPath(std::string_view path) {
  retort::CheckFilePath(path);
  RETORT_CHECK(("/" + std::string(path) + "/").find("/../") == std::string::npos);
  RETORT_CHECK(path.front() != '/');
}

void ParseName(std::string_view text) {
  const retort::ModelReference reference = retort::ParseReference(text);
  if (reference.kind == retort::ModelReference::Kind::kRepository) {
    retort::CheckRepository(reference.repository);
    if (!reference.file.empty()) CheckPath(reference.file);
    if (!reference.revision.empty()) retort::CheckRevision(reference.revision);
  } else if (reference.kind == retort::ModelReference::Kind::kUrl) {
    CheckPath(retort::FileNameOfUrl(reference.url));
  }
}

void ParseList(std::string_view text) {
  const retort::RemoteListing listing = retort::ParseListing(text, "org/repo");
  RETORT_CHECK(retort::IsCommit(listing.commit));
  for (const std::string& file : listing.files) CheckPath(file);
  for (const char* wish : {"", "q4_k_m"}) {
    Refusable([&] {
      const auto chosen = retort::ChooseFiles("org/repo", listing.files, wish);
      RETORT_CHECK(!chosen.files.empty());
      for (const std::string& file : chosen.files) CheckPath(file);
    });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Refusable([&] { ParseName(text); });
  Refusable([&] { ParseList(text); });
  Refusable([&] {
    const retort::Catalogue catalogue = retort::Catalogue::Parse(text);
    for (const retort::CatalogueModel& model : catalogue.models()) {
      RETORT_CHECK(catalogue.Find(model.name)->model == &model);
    }
  });
  return 0;
}

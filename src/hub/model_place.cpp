#include "hub/model_place.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/quote.h"
#include "hub/digest.h"
#include "hub/names.h"

namespace retort {
namespace {

// "url/example.com-0123456789abcdef"
std::string RepositoryOfUrl(const std::string& url) {
  constexpr size_t kLongestHost = 60;
  std::string host = url.substr(url.find("://") + 3);
  host = host.substr(0, host.find('/'));
  host = host.substr(host.rfind('@') + 1);  // no user name or password
  std::string plain;
  for (const char c : host.substr(0, host.find(':'))) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (alnum || (c == '.' && !plain.empty() && plain.back() != '.')) plain += c;
  }
  return "url/" + (plain.empty() ? "file" : plain.substr(0, kLongestHost)) + "-" +
         Sha256Hex(url).substr(0, 16);
}

}  // namespace

CatalogueMatch FindInCatalogue(const ModelReference& reference, const Catalogue& catalogue) {
  if (const auto match = catalogue.Find(reference.name)) return *match;
  const std::vector<std::string> similar = catalogue.Similar(reference.name);
  Fail(ErrorCode::kNotFound, "{} is neither a file nor a model of the catalogue; {}",
       Quoted(reference.text),
       similar.empty() ? "`retort list` shows the names, hf:ORG/REPO names any other"
                       : fmt::format("did you mean {}?", fmt::join(similar, ", ")));
}

ModelPlace PlaceOf(const ModelReference& reference, const Catalogue& catalogue) {
  switch (reference.kind) {
    case ModelReference::Kind::kRepository:
      return {reference.repository, reference.file};
    case ModelReference::Kind::kUrl:
      return {RepositoryOfUrl(reference.url), FileNameOfUrl(reference.url)};
    case ModelReference::Kind::kCatalogue:
      break;
  }
  const CatalogueFile* file = FindInCatalogue(reference, catalogue).file;
  return {file->repository, file->file.empty() ? file->precision : file->file, file};
}

}  // namespace retort

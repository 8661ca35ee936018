// Where the files of a reference lie: which repository of the hub, and which of its files.
//
//   const ModelPlace place = PlaceOf(ParseReference("r1-distill-qwen-1.5b:q8_0"), catalogue);
//   place.repository;   // "bartowski/DeepSeek-R1-Distill-Qwen-1.5B-GGUF"
//   place.wish;         // "q8_0", for ChooseFiles
//
// An address outside the hub gets a repository of its own, "url/HOST-DIGEST", so that everything
// else works with it as with all others.
// Errors: kNotFound, with names that look alike, for what is not in the catalogue. Thread-safe.
#pragma once

#include <string>

#include "hub/catalogue.h"
#include "hub/reference.h"

namespace retort {

struct ModelPlace {
  std::string repository;
  std::string wish;                       // as ChooseFiles takes it
  const CatalogueFile* stated = nullptr;  // what the catalogue says of it
};

ModelPlace PlaceOf(const ModelReference& reference, const Catalogue& catalogue);

// Of a catalogue's name; kNotFound as above.
CatalogueMatch FindInCatalogue(const ModelReference& reference, const Catalogue& catalogue);

}  // namespace retort

// What a user writes to name a model, taken apart:
//
//   r1-distill-qwen-1.5b              a name of the catalogue, in its default precision
//   r1-distill-qwen-1.5b:q8_0         in another one
//   hf:ORG/REPO                       a repository: its safetensors, or its GGUF file
//   hf:ORG/REPO:FILE                  one file of it; FILE may be a precision: hf:ORG/REPO:q4_k_m
//   https://huggingface.co/ORG/REPO   the same, as copied from a browser; .../resolve/REV/FILE too
//   https://HOST/FILE.gguf            a file anywhere
//   file:///FOLDER/FILE.gguf          a file of this machine, to be copied into the cache
//
//   const ModelReference reference = ParseReference("hf:Qwen/Qwen2.5-1.5B-Instruct-GGUF:q8_0");
//
// Errors: kInvalidArgument, naming the text and what is wrong with it. Pure and thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace retort {

inline constexpr std::string_view kPublicHub = "https://huggingface.co";

struct ModelReference {
  enum class Kind { kCatalogue, kRepository, kUrl };
  Kind kind = Kind::kCatalogue;
  std::string text;        // as written
  std::string name;        // kCatalogue: lower case, with its precision
  std::string repository;  // kRepository: "ORG/NAME"
  std::string file;        // kRepository: a path, a precision, or empty
  std::string revision;    // kRepository: empty if the text names none
  std::string url;         // kUrl
};

// `endpoint`: addresses below it (and below huggingface.co) are repositories of the hub.
ModelReference ParseReference(std::string_view text, std::string_view endpoint = kPublicHub);

// The last part of an address, decoded: the name that a download gets. Error if there is none.
std::string FileNameOfUrl(std::string_view url);

// Percent-encoding for addresses: all but letters, digits and "-_.~/".
std::string UrlEncodePath(std::string_view path);

}  // namespace retort

// What the tests of this layer share: the repository's small vocabulary, compressed files.
#pragma once

#include <zlib.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/paths.h"
#include "tests/support/read_file.h"
#include "text/pretokenizer_families.h"
#include "text/tokenizer.h"

namespace retort {

// The repository's own vocabulary of about 600 tokens, as the given family.
inline TokenizerSpec TinySpec(const std::string& family) {
  const auto json = nlohmann::json::parse(ReadFile(TestData("text/tiny_vocabulary.json")));
  TokenizerSpec spec;
  spec.source = "tiny.gguf";
  spec.pre = family;
  if (const PretokenizerFamily* known = FindPretokenizerFamily(family)) {
    spec.nfc = known->nfc;
    spec.ignore_merges = known->ignore_merges;
  }
  spec.tokens = json.at("tokens").get<std::vector<std::string>>();
  for (const int kind : json.at("kinds").get<std::vector<int>>()) {
    spec.kinds.push_back(kind == 3   ? TokenKind::kControl
                         : kind == 4 ? TokenKind::kUserDefined
                         : kind == 5 ? TokenKind::kUnused
                                     : TokenKind::kNormal);
  }
  spec.merges = json.at("merges").get<std::vector<std::string>>();
  return spec;
}

inline std::string ReadGz(const std::string& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
  std::string bytes;
  char buffer[1 << 16];
  for (int n; (n = gzread(file.get(), buffer, sizeof buffer)) > 0;) {
    bytes.append(buffer, static_cast<size_t>(n));
  }
  return bytes;
}

}  // namespace retort

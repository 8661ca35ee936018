// Vocabularies for the tests of the tokenizer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/test_files.h"
#include "text/tokenizer.h"

namespace retort {

// The repository's own vocabulary of about 600 tokens, as the given family.
inline TokenizerSpec TinySpec(const std::string& family) {
  const auto json =
      nlohmann::json::parse(ReadFile(SourceFile("tests/data/text/tiny_vocabulary.json")));
  TokenizerSpec spec;
  spec.source = "tiny.gguf";
  spec.pre = family;
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

}  // namespace retort

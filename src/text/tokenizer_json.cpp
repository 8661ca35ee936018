#include "text/tokenizer_json.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"
#include "text/json_component.h"
#include "text/nfc.h"
#include "text/tokenizer_pipeline.h"

namespace retort {
namespace {

using Json = JsonComponent::Json;

// Ids without a token: some vocabularies have a few holes, none has more.
constexpr size_t kMaxUnusedIds = 65536;

int32_t ToId(const JsonComponent& owner, const Json& id, std::string_view text) {
  if (!id.is_number_unsigned() || id.get<uint64_t>() > INT32_MAX) {
    owner.Corrupt(fmt::format("gives token {} the id {}, must be a number from 0", Quoted(text),
                              Quoted(id.dump(-1, ' ', false, Json::error_handler_t::replace))));
  }
  return id.get<int32_t>();
}

// Makes room for `end` ids, of which `count` more will get a token.
void Grow(const JsonComponent& owner, size_t end, size_t count, TokenizerSpec* spec) {
  const size_t size = std::max(end, spec->tokens.size());
  if (size > spec->tokens.size() + count + kMaxUnusedIds) {
    owner.Corrupt(fmt::format("has {} tokens, but ids up to {}", count, end - 1));
  }
  spec->tokens.resize(size);
  spec->kinds.resize(size, TokenKind::kUnused);
}

void ReadVocabulary(const JsonComponent& vocabulary, TokenizerSpec* spec) {
  auto& members = vocabulary.json().get_ref<Json::object_t&>();
  size_t end = 0;
  for (const auto& [text, id] : members) {
    end = std::max(end, static_cast<size_t>(ToId(vocabulary, id, text)) + 1);
  }
  Grow(vocabulary, end, members.size(), spec);
  for (const auto& [text, id] : members) {
    const auto i = id.get<size_t>();
    if (spec->kinds[i] != TokenKind::kUnused) {
      vocabulary.Corrupt(fmt::format("gives tokens {} and {} the same id {}",
                                     Quoted(spec->tokens[i]), Quoted(text), i));
    }
    spec->tokens[i] = text;
    spec->kinds[i] = TokenKind::kNormal;
  }
}

// "a b" in old files, ["a", "b"] in newer ones.
void ReadMerges(const JsonComponent& list, TokenizerSpec* spec) {
  Json& merges = list.json();
  spec->merges.reserve(merges.size());
  for (size_t rank = 0; rank < merges.size(); ++rank) {
    Json& merge = merges[rank];
    if (merge.is_string()) {
      spec->merges.push_back(std::move(merge.get_ref<std::string&>()));
    } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
               merge[1].is_string()) {
      spec->merges.push_back(merge[0].get_ref<std::string&>() + " " +
                             merge[1].get_ref<std::string&>());
    } else {
      list.At(rank).Corrupt("must be two tokens, \"a b\" or [\"a\", \"b\"]");
    }
  }
}

void ReadModel(const JsonComponent& model, TokenizerSpec* spec) {
  model.Only("type", "BPE");
  model.Only("dropout", 0.0);
  model.Only("unk_token", nullptr);
  model.Only("continuing_subword_prefix", "");
  model.Only("end_of_word_suffix", "");
  model.Only("byte_fallback", false);
  spec->ignore_merges = model.GetBool("ignore_merges", false);
  ReadVocabulary(model.GetObject("vocab"), spec);
  ReadMerges(model.GetArray("merges"), spec);
}

void ReadAddedToken(const JsonComponent& token, int32_t id, TokenizerSpec* spec) {
  for (const char* flag : {"lstrip", "rstrip", "single_word"}) token.Only(flag, false);
  std::string text = token.GetString("content");
  const bool special = token.GetBool("special", false);
  if (token.GetBool("normalized", !special)) {
    // Of a text that normalisation changes, what it becomes would be looked for.
    if (spec->nfc && !IsSurelyNfc(text) && ToNfc(text) != text) {
      token.Unsupported("normalized tokens in NFC");
    }
    spec->normalized_ids.push_back(id);
  }
  const auto i = static_cast<size_t>(id);
  if (spec->kinds[i] != TokenKind::kUnused && spec->tokens[i] != text) {
    token.Corrupt(fmt::format("has the id {} of {}", id, Quoted(spec->tokens[i])));
  }
  spec->tokens[i] = std::move(text);
  spec->kinds[i] = special ? TokenKind::kControl : TokenKind::kUserDefined;
}

void ReadAddedTokens(const JsonComponent& list, TokenizerSpec* spec) {
  std::vector<int32_t> ids;
  size_t end = 0;
  for (size_t i = 0; i < list.json().size(); ++i) {
    const JsonComponent token = list.At(i);
    const auto id = token.Find("id");
    ids.push_back(ToId(token, id ? id->json() : Json(), token.GetString("content")));
    end = std::max(end, static_cast<size_t>(ids.back()) + 1);
  }
  Grow(list, end, ids.size(), spec);
  for (size_t i = 0; i < ids.size(); ++i) ReadAddedToken(list.At(i), ids[i], spec);
}

}  // namespace

TokenizerSpec ReadTokenizerJson(std::string_view bytes, const std::string& source) {
  Json document = ReadJson(bytes, source);
  const JsonComponent file(source, document);
  TokenizerSpec spec;
  spec.source = source;
  ReadModel(file.GetObject("model"), &spec);
  ReadNormalizer(file, &spec);
  if (file.Find("added_tokens")) ReadAddedTokens(file.GetArray("added_tokens"), &spec);
  ReadPipeline(file, &spec);
  return spec;
}

}  // namespace retort

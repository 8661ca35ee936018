#include "runtime/text_metadata.h"

#include <optional>
#include <string_view>

#include "base/error.h"
#include "runtime/turn_ends.h"
#include "text/pretokenizer_families.h"

namespace retort {
namespace {

std::optional<int32_t> FindTokenId(const Metadata& metadata, std::string_view key, size_t size) {
  const std::optional<int64_t> id = metadata.FindInt(key);
  if (!id) return std::nullopt;
  if (*id < 0 || static_cast<size_t>(*id) >= size) {
    Fail(ErrorCode::kCorrupt, "{}: {} is {}, but the vocabulary has {} tokens; get the file anew",
         metadata.source(), key, *id, size);
  }
  return static_cast<int32_t>(*id);
}

// GGUF's tokenizer.ggml.token_type.
TokenKind ToTokenKind(int64_t type, size_t id, const std::string& source) {
  switch (type) {
    case 1:
      return TokenKind::kNormal;
    case 3:
      return TokenKind::kControl;
    case 4:
      return TokenKind::kUserDefined;
    case 5:
      return TokenKind::kUnused;
    case 6:
      return TokenKind::kByte;
    default:
      Fail(ErrorCode::kCorrupt,
           "{}: tokenizer.ggml.token_type[{}] is {}, must be 1, 3, 4, 5 or 6; get the file anew",
           source, id, type);
  }
}

std::vector<TokenKind> ReadKinds(const Metadata& metadata, size_t size) {
  std::vector<TokenKind> kinds(size, TokenKind::kNormal);
  const std::vector<int64_t>* types = metadata.FindInts("tokenizer.ggml.token_type");
  if (types == nullptr) return kinds;
  if (types->size() != size) {
    Fail(ErrorCode::kCorrupt,
         "{}: tokenizer.ggml.token_type has {} entries for {} tokens; get the file anew",
         metadata.source(), types->size(), size);
  }
  for (size_t id = 0; id < size; ++id) {
    kinds[id] = ToTokenKind((*types)[id], id, metadata.source());
  }
  return kinds;
}

// The families that differ in name only; the text layer refuses unknown ones.
std::string FamilyName(const std::string& pre) {
  if (pre == "deepseek-r1-qwen") return "qwen2";
  if (pre == "llama3" || pre == "llama-v3") return "llama-bpe";
  return pre;
}

const std::vector<std::string>& RequiredStrings(const Metadata& metadata, std::string_view key) {
  const std::vector<std::string>* strings = metadata.FindStrings(key);
  if (strings == nullptr) {
    Fail(ErrorCode::kCorrupt, "{}: {} is missing, so text cannot be tokenized; get the file anew",
         metadata.source(), key);
  }
  return *strings;
}

}  // namespace

TokenizerSpec ReadTokenizerSpec(const Metadata& metadata) {
  const std::string& model = metadata.GetString("tokenizer.ggml.model");
  if (model != "gpt2") {
    Fail(ErrorCode::kUnsupported,
         "{}: tokenizer.ggml.model is {}; Retort reads byte-level BPE (gpt2)", metadata.source(),
         model);
  }
  TokenizerSpec spec;
  spec.source = metadata.source();
  spec.pre = FamilyName(metadata.GetString("tokenizer.ggml.pre"));
  if (const PretokenizerFamily* family = FindPretokenizerFamily(spec.pre)) {
    spec.nfc = family->nfc;
    spec.ignore_merges = family->ignore_merges;
  }
  spec.tokens = RequiredStrings(metadata, "tokenizer.ggml.tokens");
  spec.merges = RequiredStrings(metadata, "tokenizer.ggml.merges");
  const size_t size = spec.tokens.size();
  spec.kinds = ReadKinds(metadata, size);
  spec.bos = FindTokenId(metadata, "tokenizer.ggml.bos_token_id", size);
  spec.eos = FindTokenId(metadata, "tokenizer.ggml.eos_token_id", size);
  spec.pad = FindTokenId(metadata, "tokenizer.ggml.padding_token_id", size);
  spec.add_bos = metadata.FindBool("tokenizer.ggml.add_bos_token").value_or(false);
  spec.stop_ids =
      TurnEnds(spec, {spec.eos, FindTokenId(metadata, "tokenizer.ggml.eot_token_id", size),
                      FindTokenId(metadata, "tokenizer.ggml.eom_token_id", size)});
  return spec;
}

std::map<std::string, std::string> ReadChatTemplates(const Metadata& metadata) {
  constexpr std::string_view kKey = "tokenizer.chat_template";
  std::map<std::string, std::string> templates;
  for (const auto& [key, value] : metadata.values()) {
    if (key == kKey) templates["default"] = metadata.GetString(key);
    if (key.starts_with(std::string(kKey) + '.')) {
      templates[key.substr(kKey.size() + 1)] = metadata.GetString(key);
    }
  }
  return templates;
}

}  // namespace retort

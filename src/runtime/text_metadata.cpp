#include "runtime/text_metadata.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace retort {
namespace {

// Tokens that end a turn in some family. Files name one or two of them as eos and eot; a model may
// still emit the others (a chat model that continues as its base), and then the turn is over too.
constexpr std::string_view kTurnEnds[] = {
    "<|im_end|>",      "<|endoftext|>", "<｜end▁of▁sentence｜>",
    "<|EOT|>",         "<|eot_id|>",    "<|eom_id|>",
    "<|end_of_text|>", "</s>",          "<end_of_turn>"};

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

// The families of pre-tokenizers that differ in name only; the text layer refuses unknown ones.
std::string PreTokenizerFamily(const std::string& pre) {
  return pre == "deepseek-r1-qwen" ? "qwen2" : pre;
}

const std::vector<std::string>& RequiredStrings(const Metadata& metadata, std::string_view key) {
  const std::vector<std::string>* strings = metadata.FindStrings(key);
  if (strings == nullptr) {
    Fail(ErrorCode::kCorrupt, "{}: {} is missing, so text cannot be tokenized; get the file anew",
         metadata.source(), key);
  }
  return *strings;
}

void AddStopIds(const Metadata& metadata, TokenizerSpec& spec) {
  const auto add = [&spec](std::optional<int32_t> id) {
    if (id && std::ranges::find(spec.stop_ids, *id) == spec.stop_ids.end()) {
      spec.stop_ids.push_back(*id);
    }
  };
  add(spec.eos);
  add(FindTokenId(metadata, "tokenizer.ggml.eot_token_id", spec.tokens.size()));
  add(FindTokenId(metadata, "tokenizer.ggml.eom_token_id", spec.tokens.size()));
  for (size_t id = 0; id < spec.tokens.size(); ++id) {
    if (spec.kinds[id] != TokenKind::kControl) continue;
    if (std::ranges::find(kTurnEnds, spec.tokens[id]) != std::end(kTurnEnds)) {
      add(static_cast<int32_t>(id));
    }
  }
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
  spec.pre = PreTokenizerFamily(metadata.GetString("tokenizer.ggml.pre"));
  spec.tokens = RequiredStrings(metadata, "tokenizer.ggml.tokens");
  spec.merges = RequiredStrings(metadata, "tokenizer.ggml.merges");
  spec.kinds = ReadKinds(metadata, spec.tokens.size());
  spec.bos = FindTokenId(metadata, "tokenizer.ggml.bos_token_id", spec.tokens.size());
  spec.eos = FindTokenId(metadata, "tokenizer.ggml.eos_token_id", spec.tokens.size());
  spec.pad = FindTokenId(metadata, "tokenizer.ggml.padding_token_id", spec.tokens.size());
  spec.add_bos = metadata.FindBool("tokenizer.ggml.add_bos_token").value_or(false);
  AddStopIds(metadata, spec);
  return spec;
}

const std::string* FindChatTemplateText(const Metadata& metadata) {
  return metadata.FindString("tokenizer.chat_template");
}

}  // namespace retort

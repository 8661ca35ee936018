#include "runtime/tokenizer_metadata.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "base/error.h"
#include "runtime/text_files.h"
#include "text/byte_alphabet.h"

namespace retort {
namespace {

constexpr std::string_view kPrefix = "tokenizer.";
constexpr const char* kModel = "tokenizer.ggml.model";
constexpr const char* kPre = "tokenizer.ggml.pre";
constexpr const char* kTokens = "tokenizer.ggml.tokens";
constexpr const char* kTypes = "tokenizer.ggml.token_type";
constexpr const char* kMerges = "tokenizer.ggml.merges";
constexpr const char* kBos = "tokenizer.ggml.bos_token_id";
constexpr const char* kEos = "tokenizer.ggml.eos_token_id";
constexpr const char* kPad = "tokenizer.ggml.padding_token_id";
constexpr const char* kAddBos = "tokenizer.ggml.add_bos_token";
constexpr const char* kTemplate = "tokenizer.chat_template";

// GGUF's numbers of kinds of tokens.
constexpr int64_t kNormal = 1, kControl = 3, kUserDefined = 4, kUnused = 5, kByte = 6;

constexpr const char* kTurns =
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'assistant' %}"
    "<｜Assistant｜>{{ message['content'].split('</think>')[-1] }}<｜end▁of▁sentence｜>"
    "{% else %}<｜User｜>{{ message['content'] }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<｜Assistant｜><think>\n{% endif %}";

// All keys below "tokenizer.".
MetadataMap OfGguf(const Metadata& metadata) {
  MetadataMap tokenizer;
  for (const auto& [key, value] : metadata.values()) {
    if (key.starts_with(kPrefix)) tokenizer.emplace(key, value);
  }
  if (metadata.FindStrings(kTokens) == nullptr) {
    Fail(ErrorCode::kInvalidArgument, "{} has no tokenizer ({}); name a file with one",
         metadata.source(), kTokens);
  }
  return tokenizer;
}

int64_t TypeOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNormal:
      return kNormal;
    case TokenKind::kControl:
      return kControl;
    case TokenKind::kUserDefined:
      return kUserDefined;
    case TokenKind::kUnused:
      return kUnused;
    case TokenKind::kByte:
      return kByte;
  }
  return kNormal;
}

MetadataMap OfFiles(const std::string& path) {
  TokenizerSpec spec = ReadTokenizerFiles(path);
  std::vector<int64_t> types;
  for (TokenKind kind : spec.kinds) types.push_back(TypeOf(kind));
  MetadataMap tokenizer;
  tokenizer.emplace(kModel, "gpt2");
  tokenizer.emplace(kPre, std::move(spec.pre));
  tokenizer.emplace(kTokens, std::move(spec.tokens));
  tokenizer.emplace(kTypes, std::move(types));
  tokenizer.emplace(kMerges, std::move(spec.merges));
  tokenizer.emplace(kAddBos, spec.add_bos);
  if (spec.bos) tokenizer.emplace(kBos, int64_t{*spec.bos});
  if (spec.eos) tokenizer.emplace(kEos, int64_t{*spec.eos});
  if (spec.pad) tokenizer.emplace(kPad, int64_t{*spec.pad});
  auto templates = ReadChatTemplateFiles(path);
  if (const auto usual = templates.find("default"); usual != templates.end()) {
    tokenizer.emplace(kTemplate, std::move(usual->second));
  }
  return tokenizer;
}

}  // namespace

MetadataMap TokenizerMetadataOf(const std::string& path) {
  return IsInModelFolder(path) ? OfFiles(path) : OfGguf(OpenCheckpoint(path)->metadata());
}

MetadataMap ByteTokenizerMetadata() {
  std::vector<std::string> tokens;
  std::vector<int64_t> types(256, kNormal);
  for (int byte = 0; byte < 256; ++byte) {
    tokens.push_back(ToByteAlphabet(std::string(1, static_cast<char>(byte))));
  }
  const auto add = [&](const char* text, int64_t type) {
    tokens.push_back(text);
    types.push_back(type);
    return static_cast<int64_t>(tokens.size()) - 1;
  };
  const int64_t bos = add("<｜begin▁of▁sentence｜>", kControl);
  const int64_t eos = add("<｜end▁of▁sentence｜>", kControl);
  add("<｜User｜>", kControl);
  add("<｜Assistant｜>", kControl);
  add("<think>", kUserDefined);
  add("</think>", kUserDefined);
  MetadataMap tokenizer;
  tokenizer.emplace(kModel, "gpt2");
  tokenizer.emplace(kPre, "qwen2");
  tokenizer.emplace(kTokens, std::move(tokens));
  tokenizer.emplace(kTypes, std::move(types));
  tokenizer.emplace(kMerges, std::vector<std::string>{});
  tokenizer.emplace(kBos, bos);
  tokenizer.emplace(kEos, eos);
  tokenizer.emplace(kAddBos, false);
  tokenizer.emplace(kTemplate, kTurns);
  return tokenizer;
}

void FitVocabulary(MetadataMap& tokenizer, int64_t vocab_size) {
  auto& tokens = std::get<std::vector<std::string>>(tokenizer.find(kTokens)->second);
  const auto count = static_cast<int64_t>(tokens.size());
  if (count > vocab_size) {
    Fail(ErrorCode::kInvalidArgument,
         "the tokenizer has {} tokens, the shape room for {}; choose another of either", count,
         vocab_size);
  }
  // A file without types means normal tokens; the unused ones must say that they are not.
  auto& types = tokenizer.try_emplace(kTypes, std::vector<int64_t>()).first->second;
  auto& type_of = std::get<std::vector<int64_t>>(types);
  type_of.resize(static_cast<size_t>(count), kNormal);
  for (int64_t id = count; id < vocab_size; ++id) {
    tokens.push_back(fmt::format("[PAD{}]", id));
    type_of.push_back(kUnused);
  }
}

}  // namespace retort

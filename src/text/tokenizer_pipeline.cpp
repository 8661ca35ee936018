#include "text/tokenizer_pipeline.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "text/pretokenizer_families.h"

namespace retort {
namespace {

// The pattern by which a part of the pre-tokenizer cuts text; nothing if it does not.
std::vector<std::string> PatternOf(const JsonComponent& part) {
  const std::string type = part.GetString("type");
  if (type == "Split") {
    part.Only("behavior", "Isolated");
    part.Only("invert", false);
    const JsonComponent pattern = part.GetObject("pattern");
    return {pattern.GetString("Regex")};
  }
  if (type == "Digits")
    return {part.GetBool("individual_digits", false) ? R"(\p{N})" : R"(\p{N}+)"};
  if (type != "ByteLevel") part.Unsupported("Split, Digits and ByteLevel");
  if (part.GetBool("add_prefix_space", true)) part.Unsupported("add_prefix_space false");
  if (!part.GetBool("use_regex", true)) return {};
  return {std::string(kByteLevelPattern)};
}

void ReadPreTokenizer(const JsonComponent& file, TokenizerSpec* spec) {
  const JsonComponent pre_tokenizer = file.GetObject("pre_tokenizer");
  std::vector<std::string> patterns;
  bool byte_level = false;
  for (const JsonComponent& part : pre_tokenizer.Parts("pretokenizers")) {
    if (byte_level) part.Unsupported("nothing after ByteLevel");
    byte_level = part.GetString("type") == "ByteLevel";
    for (std::string& pattern : PatternOf(part)) patterns.push_back(std::move(pattern));
  }
  if (!byte_level) pre_tokenizer.Unsupported("those that end in ByteLevel");
  const PretokenizerFamily* family = FindPretokenizerFamily(patterns);
  if (family == nullptr) {
    pre_tokenizer.Unsupported("the patterns of these families: " + PretokenizerFamilyNames());
  }
  spec->pre = family->name;
}

// What is put before every text: one token, or nothing.
void ReadTemplateProcessing(const JsonComponent& processor, TokenizerSpec* spec) {
  const JsonComponent single = processor.GetArray("single");
  const size_t size = single.json().size();
  if (size == 0 || size > 2 || !single.At(size - 1).Find("Sequence")) {
    single.Unsupported("at most one token before the text");
  }
  if (size == 1) return;
  const JsonComponent token = single.At(0).GetObject("SpecialToken");
  const std::string text = token.GetString("id");
  const auto found = std::ranges::find(spec->tokens, text);
  if (found == spec->tokens.end()) {
    token.Corrupt(fmt::format("is {}, which is no token", Quoted(text)));
  }
  spec->bos = static_cast<int32_t>(found - spec->tokens.begin());
  spec->add_bos = true;
}

void ReadPostProcessor(const JsonComponent& file, TokenizerSpec* spec) {
  const auto processor = file.Find("post_processor");
  if (!processor) return;
  for (const JsonComponent& part : processor->Parts("processors")) {
    const std::string type = part.GetString("type");
    if (type == "TemplateProcessing") {
      ReadTemplateProcessing(part, spec);
    } else if (type != "ByteLevel") {  // which shifts offsets here, and nobody asks for those
      part.Unsupported("TemplateProcessing and ByteLevel");
    }
  }
}

void CheckDecoder(const JsonComponent& file) {
  const JsonComponent decoder = file.GetObject("decoder");
  for (const JsonComponent& part : decoder.Parts("decoders")) {
    if (part.GetString("type") != "ByteLevel") part.Unsupported("ByteLevel");
  }
}

}  // namespace

void ReadNormalizer(const JsonComponent& file, TokenizerSpec* spec) {
  const auto normalizer = file.Find("normalizer");
  if (!normalizer) return;
  for (const JsonComponent& part : normalizer->Parts("normalizers")) {
    if (part.GetString("type") != "NFC") part.Unsupported("NFC or none");
    spec->nfc = true;
  }
}

void ReadPipeline(const JsonComponent& file, TokenizerSpec* spec) {
  ReadPreTokenizer(file, spec);
  ReadPostProcessor(file, spec);
  CheckDecoder(file);
}

}  // namespace retort

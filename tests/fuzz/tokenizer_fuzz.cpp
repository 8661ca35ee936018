// Any bytes as text for a small tokenizer of a family, which the first byte chooses: what comes
// back is what went in, apart from Unicode normalisation.
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "base/error.h"
#include "text/byte_alphabet.h"
#include "text/nfc.h"
#include "text/tokenizer.h"

namespace {

retort::TokenizerSpec SmallSpec(const char* family) {
  retort::TokenizerSpec spec;
  spec.source = "fuzz";
  spec.pre = family;
  spec.nfc = spec.pre == "qwen2";
  spec.ignore_merges = spec.pre == "llama-bpe";
  for (int byte = 0; byte < 256; ++byte) {
    spec.tokens.push_back(retort::ToByteAlphabet(std::string(1, static_cast<char>(byte))));
  }
  for (const auto& [left, right] : {std::pair("t", "h"),
                                    {"th", "e"},
                                    {" ", "the"},
                                    {" ", " "},
                                    {"  ", "  "},
                                    {"a", "a"},
                                    {"aa", "aa"},
                                    {"\n", "\n"},
                                    {"\xC3", "\xA9"},
                                    {"\xE4", "\xBD"},
                                    {"\xE4\xBD", "\xA0"}}) {
    const std::string a = retort::ToByteAlphabet(left), b = retort::ToByteAlphabet(right);
    spec.merges.push_back(a + " " + b);
    spec.tokens.push_back(a + b);
  }
  spec.kinds.assign(spec.tokens.size(), retort::TokenKind::kNormal);
  for (const char* added : {"<|im_end|>", "<think>", "<|im", "the end"}) {
    spec.tokens.push_back(added);
    spec.kinds.push_back(retort::TokenKind::kControl);
  }
  return spec;
}

void CheckRoundTrip(const retort::Tokenizer& tokenizer, std::string_view text, bool parse_added) {
  const auto ids = tokenizer.Encode(text, {parse_added});
  const std::string back = tokenizer.DecodeBytes(ids);
  if (!tokenizer.spec().nfc || retort::IsSurelyNfc(text)) RETORT_CHECK(back == text);
  for (const int32_t id : ids) RETORT_CHECK(!tokenizer.TokenBytes(id).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const retort::Tokenizer kTokenizers[] = {
      retort::Tokenizer(SmallSpec("qwen2")), retort::Tokenizer(SmallSpec("smollm")),
      retort::Tokenizer(SmallSpec("llama-bpe")), retort::Tokenizer(SmallSpec("deepseek-v3"))};
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  CheckRoundTrip(kTokenizers[data[0] % std::size(kTokenizers)], text, (data[0] & 4) == 0);
  return 0;
}

#include "runtime/tokenizer_metadata.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "runtime/text_files.h"
#include "runtime/text_metadata.h"
#include "tests/support/expect_error.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/paths.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

TEST(TokenizerMetadata, BytesRoundTripAndSpecialTokensAreOne) {
  MetadataMap map = ByteTokenizerMetadata();
  FitVocabulary(map, 300);
  const Tokenizer tokenizer(ReadTokenizerSpec(Metadata("m.gguf", map)));
  EXPECT_EQ(tokenizer.size(), 300);
  const std::string text = "1 + 1 = 2, 模型\n<think>";
  const std::vector<int32_t> ids = tokenizer.Encode(text, {true});
  EXPECT_EQ(tokenizer.Decode(ids), text);
  EXPECT_EQ(ids.back(), 260);
  EXPECT_EQ(tokenizer.Encode("[PAD270]", {true}).size(), 8u) << "unused tokens are no text";
}

std::string WriteGguf(const TempDir& folder, const MetadataMap& values) {
  GgufWriter writer;
  for (const auto& [key, value] : values) writer.AddValue(key, value);
  writer.Write(folder.File("donor.gguf"));
  return folder.File("donor.gguf");
}

TEST(TokenizerMetadata, CopiesAnotherFilesTokenizerAlone) {
  const TempDir folder;
  MetadataMap map = ByteTokenizerMetadata();
  const MetadataMap tokenizer = map;
  map.emplace("general.name", "donor");
  EXPECT_EQ(TokenizerMetadataOf(WriteGguf(folder, map)), tokenizer);
}

TEST(TokenizerMetadata, TurnsATokenizerFileIntoWhatAGgufFileSays) {
  for (const char* family : {"qwen2", "llama-bpe"}) {
    const TempDir folder;
    const std::string path = folder.File("tokenizer.json");
    std::filesystem::copy_file(TestData(std::string("text/tiny_") + family + ".json"), path);
    const TokenizerSpec spec = ReadTokenizerFiles(path);
    const TokenizerSpec copy = ReadTokenizerSpec(Metadata("m.gguf", TokenizerMetadataOf(path)));
    EXPECT_EQ(copy.pre, spec.pre);
    EXPECT_EQ(copy.tokens, spec.tokens);
    EXPECT_EQ(copy.kinds, spec.kinds);
    EXPECT_EQ(copy.merges, spec.merges);
    EXPECT_EQ(copy.nfc, spec.nfc);
    EXPECT_EQ(copy.ignore_merges, spec.ignore_merges);
  }
}

TEST(TokenizerMetadata, RefusesFilesWithoutOneAndTooManyTokens) {
  const TempDir folder;
  const std::string path = WriteGguf(folder, {{"general.name", "none"}});
  ExpectError(ErrorCode::kInvalidArgument, {path, "no tokenizer"},
              [&] { TokenizerMetadataOf(path); });
  ExpectError(ErrorCode::kInvalidArgument, {"262 tokens", "261"}, [] {
    MetadataMap map = ByteTokenizerMetadata();
    FitVocabulary(map, 261);
  });
}

}  // namespace
}  // namespace retort

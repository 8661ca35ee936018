#include "checkpoint/model_name.h"

#include <gtest/gtest.h>

#include "tests/support/safetensors_writer.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

TEST(ModelName, IsTheFileWithoutItsEnding) {
  EXPECT_EQ(ModelNameOf("models/r1.gguf"), "r1");
  EXPECT_EQ(ModelNameOf("SmolLM2-135M-Instruct.Q4_1.gguf"), "SmolLM2-135M-Instruct.Q4_1");
  EXPECT_EQ(ModelNameOf("/proc/self/fd/3"), "3");
  EXPECT_EQ(ModelNameOf(".gguf"), ".gguf");
}

TEST(ModelName, LeavesOutThePart) {
  EXPECT_EQ(ModelNameOf("a/R1-Q8_0-00002-of-00003.gguf"), "R1-Q8_0");
  EXPECT_EQ(ModelNameOf("R1-0000a-of-00003.gguf"), "R1-0000a-of-00003");
  EXPECT_EQ(ModelNameOf("-00002-of-00003.gguf"), "-00002-of-00003");
}

TEST(ModelName, KeepsTheDotsOfAFolder) {
  EXPECT_EQ(ModelNameOf("models/Qwen2.5-0.5B"), "Qwen2.5-0.5B");
  EXPECT_EQ(ModelNameOf("models/Qwen2.5-0.5B/"), "Qwen2.5-0.5B");
  EXPECT_EQ(ModelNameOf("models/Qwen2.5-0.5B/model.safetensors"), "Qwen2.5-0.5B");
  EXPECT_EQ(ModelNameOf("model.safetensors"), "model.safetensors");
  EXPECT_EQ(ModelNameOf("."), ".");
}

TEST(ModelName, KnowsHuggingFacesCache) {
  EXPECT_EQ(ModelNameOf("hub/models--deepseek-ai--DeepSeek-R1/snapshots/56d4cbb/"), "DeepSeek-R1");
  EXPECT_EQ(ModelNameOf("other/snapshots/56d4cbb"), "56d4cbb");
}

TEST(WeightFiles, AreThoseOfTheModelAlone) {
  const TempDir dir;
  for (const char* name : {"a-00001-of-00002.gguf", "a-00002-of-00002.gguf",
                           "a-00001-of-00003.gguf", "ab-00001-of-00002.gguf", "a.gguf",
                           "model-1.safetensors", "model-2.safetensors", "config.json"}) {
    WriteFile(dir.File(name), "x");
  }
  using Files = std::vector<std::string>;
  EXPECT_EQ(WeightFilesOf(dir.File("a.gguf")), Files{dir.File("a.gguf")});
  EXPECT_EQ(WeightFilesOf(dir.File("a-00002-of-00002.gguf")),
            (Files{dir.File("a-00001-of-00002.gguf"), dir.File("a-00002-of-00002.gguf")}));
  const Files folder = {dir.File("model-1.safetensors"), dir.File("model-2.safetensors")};
  EXPECT_EQ(WeightFilesOf(dir.path()), folder);
  EXPECT_EQ(WeightFilesOf(dir.File("config.json")), folder);
  EXPECT_EQ(WeightFilesOf(dir.File("absent.gguf")), Files());
}

}  // namespace
}  // namespace retort

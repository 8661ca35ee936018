#include "hub/file_choice.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace retort {
namespace {

using Files = std::vector<std::string>;

TEST(PrecisionOfName, ReadsThePrecisionAsPublishersWriteIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"DeepSeek-R1-Distill-Qwen-1.5B-Q4_K_M.gguf", "q4_k_m"},
      {"SmolLM2-135M-Instruct.Q4_1.gguf", "q4_1"},
      {"qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf", "q4_k_m"},
      {"DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S-00001-of-00003.gguf", "iq1_s"},
      {"model_q8_0.gguf", "q8_0"},
      {"Llama-3.1-8B-BF16.gguf", "bf16"},
      {"model-f16.gguf", "f16"},
      {"model.gguf", ""},
      {"Q8_0-test.gguf", "q8_0"},
      {"qwen-7b.gguf", ""},
      {"", ""},
  };
  for (const auto& [name, precision] : cases) EXPECT_EQ(PrecisionOfName(name), precision) << name;
}

TEST(PartsOf, NamesEveryPartOfASplitFile) {
  EXPECT_EQ(
      PartsOf("a/m-00002-of-00003.gguf"),
      (Files{"a/m-00001-of-00003.gguf", "a/m-00002-of-00003.gguf", "a/m-00003-of-00003.gguf"}));
  for (const char* whole : {"m.gguf", "m-00001-of-00000.gguf", "m-1-of-2.gguf",
                            "m-00001-of-00002.bin", "-00001-of-00002.gguf"}) {
    EXPECT_EQ(PartsOf(whole), Files{whole});
  }
}

TEST(ChooseFiles, PrefersSafetensorsThenTheOnlyFileThenQ4KM) {
  const Files folder = {"config.json",
                        "model-00001-of-00002.safetensors",
                        "README.md",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "consolidated.safetensors",
                        "onnx/model.safetensors",
                        "tokenizer.json"};
  const ModelFiles chosen = ChooseFiles("a/b", folder, "");
  EXPECT_TRUE(chosen.folder);
  EXPECT_EQ(chosen.files, (Files{"config.json", "model-00001-of-00002.safetensors",
                                 "model-00002-of-00002.safetensors", "model.safetensors.index.json",
                                 "tokenizer.json"}));
  EXPECT_EQ(ChooseFiles("a/b", folder, "BF16").files, chosen.files);
  EXPECT_EQ(ChooseFiles("a/b", {"x.gguf", "x-mmproj-f16.gguf"}, "").files, Files{"x.gguf"});
  EXPECT_EQ(ChooseFiles("a/b", {"x-Q8_0.gguf", "x-Q4_K_M.gguf"}, "").files, Files{"x-Q4_K_M.gguf"});
}

TEST(ChooseFiles, TakesAPrecisionAFileOrItsNameAlone) {
  const Files files = {"q/x-Q8_0-00001-of-00002.gguf", "q/x-Q8_0-00002-of-00002.gguf",
                       "x-Q4_0.gguf", "config.json"};
  EXPECT_EQ(ChooseFiles("a/b", files, "Q8_0").files.size(), 2u);
  EXPECT_EQ(ChooseFiles("a/b", files, "q/x-Q8_0-00002-of-00002.gguf").files.front(), files[0]);
  EXPECT_EQ(ChooseFiles("a/b", files, "X-q4_0.GGUF").files, Files{"x-Q4_0.gguf"});
  EXPECT_EQ(ChooseFiles("a/b", files, "config.json").files, Files{"config.json"});
}

TEST(ChooseFiles, SaysWhatThereIsInstead) {
  const auto why_not = [](const Files& files, const std::string& wish) -> std::string {
    try {
      ChooseFiles("a/b", files, wish);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kNotFound);
      return error.what();
    }
    return "";
  };
  EXPECT_NE(why_not({"x-Q8_0.gguf", "x-Q6_K.gguf"}, "").find("hf:a/b:q8_0: q8_0, q6_k"),
            std::string::npos)
      << why_not({"x-Q8_0.gguf", "x-Q6_K.gguf"}, "");
  EXPECT_NE(why_not({"x-Q8_0.gguf"}, "q2_k").find("holds no 'q2_k'"), std::string::npos);
  EXPECT_NE(why_not({"x-Q8_0.gguf", "y-Q8_0.gguf"}, "q8_0").find("several"), std::string::npos);
  EXPECT_NE(why_not({"x.bin"}, "").find("neither"), std::string::npos);
  EXPECT_NE(why_not({}, "x").find("neither"), std::string::npos);
}

}  // namespace
}  // namespace retort

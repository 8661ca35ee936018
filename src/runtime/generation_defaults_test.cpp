#include "runtime/generation_defaults.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "model/fake_checkpoint.h"
#include "tests/support/expect_error.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class FolderDefaults : public testing::Test {
 protected:
  FolderDefaults() {
    WriteFile(dir_.File("config.json"), R"({"model_type": "qwen2"})");
    SafetensorsWriter().Write(dir_.File("model.safetensors"));
  }
  GenerationDefaults Read(const std::string& config) const {
    WriteFile(dir_.File("generation_config.json"), config);
    return ReadGenerationDefaults(*OpenCheckpoint(dir_.path()), "");
  }

  TempDir dir_;
};

// R1-Distill-Qwen's, with a list of ends as Qwen2.5-Instruct has it.
TEST_F(FolderDefaults, AreThoseOfGenerationConfig) {
  const GenerationDefaults defaults =
      Read(R"({"bos_token_id": 1, "do_sample": true, "eos_token_id": [3, 4], "temperature": 0.6,
               "top_p": 0.95, "top_k": 20, "repetition_penalty": 1.05,
               "transformers_version": "4.39.3"})");
  EXPECT_EQ(defaults.source, "generation_config.json");
  EXPECT_EQ(defaults.eos_ids, (std::vector<int64_t>{3, 4}));
  SamplingParams sampling{.min_p = 0.1, .seed = 7};
  defaults.ApplyTo(sampling);
  EXPECT_EQ(sampling.temperature, 0.6);
  EXPECT_EQ(sampling.top_p, 0.95);
  EXPECT_EQ(sampling.top_k, 20);
  EXPECT_EQ(sampling.repetition_penalty, 1.05);
  EXPECT_EQ(sampling.min_p, 0.1) << "not said, so as it was";
  EXPECT_EQ(sampling.seed, 7u);
}

TEST_F(FolderDefaults, NoSamplingMeansTheLikeliestToken) {
  const GenerationDefaults defaults =
      Read(R"({"do_sample": false, "temperature": 0.7, "eos_token_id": 3, "top_k": -1})");
  EXPECT_EQ(defaults.temperature, 0);
  EXPECT_EQ(defaults.top_k, 0);
  EXPECT_EQ(defaults.eos_ids, std::vector<int64_t>{3});
}

TEST_F(FolderDefaults, MaySayNothing) {
  EXPECT_EQ(Read(R"({"eos_token_id": 3})").source, "");
  std::filesystem::remove(dir_.File("generation_config.json"));
  const GenerationDefaults none = ReadGenerationDefaults(*OpenCheckpoint(dir_.path()), "");
  EXPECT_EQ(none.source, "");
  EXPECT_TRUE(none.eos_ids.empty());
  SamplingParams sampling{.temperature = 0.25};
  none.ApplyTo(sampling);
  EXPECT_EQ(sampling.temperature, 0.25);
}

TEST_F(FolderDefaults, BadOnesAreNamed) {
  const auto expect = [&](const std::string& config, const std::vector<std::string>& parts) {
    std::vector<std::string> all = {"generation_config.json"};
    all.insert(all.end(), parts.begin(), parts.end());
    ExpectError(ErrorCode::kCorrupt, all, [&] { Read(config); });
  };
  expect(R"({"temperature": "warm"})", {"'temperature'", "'warm'"});
  expect(R"({"temperature": -1})", {"temperature", "-1"});
  expect(R"({"top_p": 1.5})", {"top_p", "1.5"});
  expect(R"({"eos_token_id": "end"})", {"'eos_token_id'", "'end'"});
  expect(R"({"top_k": 0.5})", {"'top_k'", "0.5"});
  expect("{", {"JSON ends too early"});
}

TEST(GgufDefaults, AreTheFilesSamplingKeys) {
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  EXPECT_EQ(ReadGenerationDefaults(file, "").source, "");
  file.values["general.sampling.temp"] = 0.7;
  file.values["general.sampling.top_k"] = int64_t{20};
  file.values["general.sampling.penalty_repeat"] = 1.1;
  const GenerationDefaults defaults = ReadGenerationDefaults(file, "<think>");
  EXPECT_EQ(defaults.temperature, 0.7);
  EXPECT_EQ(defaults.top_k, 20);
  EXPECT_EQ(defaults.repetition_penalty, 1.1);
  EXPECT_EQ(defaults.top_p, std::nullopt);
  EXPECT_EQ(defaults.source, "general.sampling.* of the file");
}

TEST(R1Defaults, GoToModelsThatThink) {
  const auto is_r1 = [](const std::string& name, const std::string& chat_template) {
    FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
    file.values["general.name"] = name;
    const GenerationDefaults defaults = ReadGenerationDefaults(file, chat_template);
    return defaults.temperature == 0.6 && defaults.top_p == 0.95 && !defaults.source.empty();
  };
  EXPECT_TRUE(is_r1("DeepSeek R1 Distill Qwen 1.5B", ""));
  EXPECT_TRUE(is_r1("deepseek_r1_distill_llama", ""));
  EXPECT_TRUE(is_r1("My-R1-Distill", ""));
  EXPECT_TRUE(is_r1("Qwen3", "{{ '<think>' }}"));
  EXPECT_FALSE(is_r1("Qwen2.5", "{{ messages }}"));
  EXPECT_FALSE(is_r1("DeepSeek V3", ""));
}

}  // namespace
}  // namespace retort

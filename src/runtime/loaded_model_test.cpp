#include "runtime/loaded_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "runtime/backend_factory.h"
#include "runtime/scorer.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

LoadOptions Reference() { return {.backend = "reference", .kv_tokens = 100}; }

TEST(LoadedModel, HoldsAllOfAFile) {
  for (const char* name : {"tiny-qwen2", "tiny-qwen2-tied", "tiny-llama", "tiny-llama-tied"}) {
    const std::string path = TestData(std::string("models/") + name + ".gguf");
    const auto model = LoadModel(path, Reference());
    EXPECT_EQ(model->path(), path);
    EXPECT_EQ(model->config().name, name);
    EXPECT_EQ(model->language_model().vocab_size(), 320);
    EXPECT_EQ(model->backend().name(), "reference");
    EXPECT_EQ(model->tokenizer().size(), 320);
    ASSERT_TRUE(model->has_chat_template());
    const std::string prompt =
        model->chat_template().Render({{"messages", {{{"role", "user"}, {"content", "1 + 1"}}}},
                                       {"add_generation_prompt", true}});
    EXPECT_EQ(prompt, "<|im_start|>user\n1 + 1<|im_end|>\n<|im_start|>assistant\n<think>\n");
    const std::vector<int32_t> ids = model->tokenizer().Encode(prompt);
    EXPECT_EQ(model->tokenizer().Decode(ids), prompt);
    EXPECT_EQ(Score(model->language_model(), {.ids = ids}).argmax.size(), ids.size());
  }
}

TEST(LoadedModel, FoldersSpeakAsTheirFilesDo) {
  for (const std::string name : {"tiny-qwen2-yarn", "tiny-qwen3", "tiny-llama3"}) {
    const auto file = LoadModel(TestData("models/" + name + ".gguf"), Reference());
    const auto folder = LoadModel(TestData("models/" + name), Reference());
    EXPECT_EQ(folder->config().name, name);
    const nlohmann::ordered_json messages = {
        {"messages", {{{"role", "user"}, {"content", "the quick brown fox: 1 + 1 = 2"}}}},
        {"add_generation_prompt", true}};
    const std::string prompt = folder->chat_template().Render(messages);
    EXPECT_EQ(prompt, file->chat_template().Render(messages));
    const std::vector<int32_t> ids = folder->tokenizer().Encode(prompt);
    EXPECT_EQ(ids, file->tokenizer().Encode(prompt));
    EXPECT_EQ(folder->tokenizer().spec().stop_ids.size(), 2u) << "all of generation_config.json";
    EXPECT_EQ(folder->generation_defaults().source, "generation_config.json");
    EXPECT_EQ(folder->generation_defaults().top_k, 20);
    EXPECT_EQ(file->generation_defaults().temperature, 0.6) << "its template thinks";
    EXPECT_EQ(folder->generation_defaults().eos_ids.size(), 2u);
  }
}

TEST(LoadedModel, CountsItsMemory) {
  const auto model = LoadModel(TestData("models/tiny-llama.gguf"), Reference());
  const ModelMemory memory = model->memory();
  EXPECT_GT(memory.weights, 150'000);  // most of the file
  EXPECT_LT(memory.weights, 199'104);
  // 100 tokens are four blocks of 32; 3 layers, keys and values of 2 heads of 16 floats.
  EXPECT_EQ(memory.kv_cache, 128 * model->config().KvBytesPerToken({DType::kF32, DType::kF32}));
  EXPECT_EQ(memory.kv_cache, 128 * 3 * 2 * 2 * 16 * 4);
  EXPECT_GT(memory.workspace, 0);
}

void ExpectLoadRefused(const LoadOptions& options, ErrorCode code, const std::string& part) {
  try {
    LoadModel(TestData("models/tiny-llama.gguf"), options);
    ADD_FAILURE() << "loaded nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(LoadedModel, RefusesTypesOfTheCacheThatDoNotFit) {
  ExpectLoadRefused({.kv_type = "q8_0", .kv_tokens = 100}, ErrorCode::kUnsupported,
                    "heads have 16 numbers");
  ExpectLoadRefused({.kv_type = "q3_k", .kv_tokens = 100}, ErrorCode::kInvalidArgument, "f16-q8_0");
  ExpectLoadRefused({.backend = "reference", .kv_type = "f16", .kv_tokens = 100},
                    ErrorCode::kInvalidArgument, "leave out --kv-type");
}

TEST(LoadedModel, ContextIsBoundedByModelAndCache) {
  LoadOptions options = Reference();
  const std::string path = TestData("models/tiny-llama.gguf");
  EXPECT_EQ(LoadModel(path, options)->language_model().max_positions(), 128);
  options.kv_tokens = 10'000;
  EXPECT_EQ(LoadModel(path, options)->language_model().max_positions(), 256);  // the model's
  options.kv_tokens = 0;
  EXPECT_EQ(LoadModel(path, options)->language_model().kv_geometry().num_blocks, 4 * 256 / 32);
}

TEST(LoadedModel, LoadsTokenizerAndTemplateAlone) {
  const std::string path = TestData("models/tiny-qwen2.gguf");
  const auto tokenizer = LoadTokenizer(path);
  const std::optional<int32_t> end = tokenizer->Find("<|im_end|>");
  ASSERT_TRUE(end);
  EXPECT_NE(std::ranges::find(tokenizer->spec().stop_ids, *end), tokenizer->spec().stop_ids.end());
  EXPECT_EQ(LoadChatTemplate(path)->Render({{"messages", nlohmann::json::array()}}), "");
}

TEST(LoadedModel, NamesTheFileThatIsMissing) {
  try {
    LoadModel("/nowhere/r1.gguf", Reference());
    ADD_FAILURE() << "loaded nothing";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
    EXPECT_NE(std::string(error.what()).find("/nowhere/r1.gguf"), std::string::npos);
  }
}

TEST(BackendFactory, KnowsItsBackends) {
  EXPECT_EQ(CreateBackend({.name = "reference"})->name(), "reference");
  EXPECT_EQ(CreateBackend({.name = "cpu", .num_threads = 1})->name(), "cpu");
}

TEST(BackendFactory, RefusesOthersByName) {
  const std::pair<std::string, ErrorCode> cases[] = {{"cuda", ErrorCode::kUnavailable},
                                                     {"abacus", ErrorCode::kInvalidArgument},
                                                     {"", ErrorCode::kInvalidArgument}};
  for (const auto& [name, code] : cases) {
    try {
      CreateBackend({.name = name});
      ADD_FAILURE() << "made backend " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_NE(std::string(error.what()).find("cpu"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace retort

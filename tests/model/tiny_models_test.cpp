// Every backend and instruction set on tiny random models of each architecture: against the logits
// that Transformers computes, and for equality whatever shares a row's batch.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "tests/model/model_under_test.h"
#include "tests/support/paths.h"

namespace retort {
namespace {

// Files, and folders of safetensors with the weights of the file of that name.
const char* const kModels[] = {"tiny-qwen2.gguf", "tiny-qwen2-tied.gguf", "tiny-qwen2-yarn.gguf",
                               "tiny-qwen2-yarn", "tiny-qwen3.gguf",      "tiny-qwen3",
                               "tiny-llama.gguf", "tiny-llama-tied.gguf", "tiny-llama3.gguf",
                               "tiny-llama3"};
constexpr int32_t kBlockSize = 16;

std::string PathOf(const std::string& name) { return TestData("models/" + name); }

struct Vectors {
  std::vector<int32_t> ids;
  std::vector<size_t> positions;
  std::vector<std::vector<float>> logits;  // [position, V]
};

Vectors ReadVectors(const std::string& name) {
  std::ifstream file(PathOf(name.substr(0, name.find('.')) + ".json"));
  const nlohmann::json json = nlohmann::json::parse(file);
  return {json.at("ids"), json.at("positions"), json.at("logits")};
}

using Param = std::tuple<const char*, BackendSpec>;

class TinyModel : public ::testing::TestWithParam<Param> {
 protected:
  TinyModel()
      : vectors_(ReadVectors(std::get<0>(GetParam()))),
        under_test_(PathOf(std::get<0>(GetParam())), std::get<1>(GetParam()),
                    {.max_rows = 128, .kv = {.block_size = kBlockSize, .num_blocks = 24}}) {}

  DecoderModel& model() { return under_test_.model(); }
  size_t vocab() { return static_cast<size_t>(model().vocab_size()); }
  std::vector<float> RowOf(const std::vector<float>& logits, size_t row) {
    const auto begin = logits.begin() + static_cast<std::ptrdiff_t>(row * vocab());
    return {begin, begin + static_cast<std::ptrdiff_t>(vocab())};
  }

  Vectors vectors_;
  ModelUnderTest under_test_;
};

// Root mean square of the differences, and the greatest.
struct Difference {
  double rms = 0, max = 0;
};

Difference Compare(const std::vector<float>& actual, const std::vector<float>& expected) {
  Difference difference;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double delta = std::abs(static_cast<double>(actual[i]) - expected[i]);
    difference.rms += delta * delta;
    difference.max = std::max(difference.max, delta);
  }
  difference.rms = std::sqrt(difference.rms / static_cast<double>(expected.size()));
  return difference;
}

// For logits between -21 and 34. The reference differs by what float32 leaves out in Transformers;
// cpu also keeps keys and values in 16 bits, levels with integer kernels round the rows that meet
// packed weights to 8 bits, and AMX multiplies a prompt's rows in bfloat16.
Difference DifferenceBoundOf(const BackendSpec& spec, RowRole role) {
  if (spec.name == "reference") return {.rms = 5e-5, .max = 2e-4};
  if (RoundsRows(spec)) return {.rms = 0.15, .max = 0.5};
  if (spec.level == "amx" && role == RowRole::kPrompt) return {.rms = 0.08, .max = 0.4};
  return {.rms = 0.01, .max = 0.03};
}

TEST_P(TinyModel, LogitsAreThoseOfTransformers) {
  for (RowRole role : {RowRole::kPrompt, RowRole::kGenerated}) {
    const Difference bound = DifferenceBoundOf(std::get<1>(GetParam()), role);
    const int32_t chunk = role == RowRole::kPrompt ? 128 : 1;
    const std::vector<float> logits = RunChunked(model(), vectors_.ids, role, chunk);
    ASSERT_EQ(logits.size(), vectors_.ids.size() * vocab());
    for (size_t i = 0; i < vectors_.positions.size(); ++i) {
      const size_t position = vectors_.positions[i];
      const Difference difference = Compare(RowOf(logits, position), vectors_.logits[i]);
      EXPECT_LT(difference.rms, bound.rms) << "position " << position;
      EXPECT_LT(difference.max, bound.max) << "position " << position;
    }
  }
}

TEST_P(TinyModel, ChunksOfAPromptDoNotShow) {
  const std::vector<float> whole = RunChunked(model(), vectors_.ids, RowRole::kPrompt, 128);
  for (int32_t chunk : {1, 3, 16, 31, 65}) {
    EXPECT_EQ(RunChunked(model(), vectors_.ids, RowRole::kPrompt, chunk), whole)
        << "chunks of " << chunk;
  }
}

// One sequence's part in a batch.
struct Part {
  int32_t first_id;  // the sequence is vectors_.ids from here on
  int32_t begin;     // positions [begin, end) are computed
  int32_t end;
  RowRole role;
  std::vector<int32_t> blocks;
};

Batch Join(std::span<const int32_t> ids, const std::vector<Part>& parts) {
  Batch batch;
  batch.query_start = {0};
  batch.block_stride = 5;
  for (const Part& part : parts) {
    for (int32_t position = part.begin; position < part.end; ++position) {
      batch.tokens.push_back(ids[static_cast<size_t>(part.first_id + position)]);
      batch.positions.push_back(position);
      batch.roles.push_back(part.role);
    }
    batch.query_start.push_back(static_cast<int32_t>(batch.tokens.size()));
    batch.kv_len.push_back(part.end);
    batch.block_table.insert(batch.block_table.end(), part.blocks.begin(), part.blocks.end());
    batch.block_table.resize(batch.kv_len.size() * 5, -1);  // unused entries name no block
  }
  return batch;
}

// The same weights give the same bits, whatever they are called and however they lie.
TEST(TinyModels, FoldersComputeWhatFilesCompute) {
  // Not Llama's, whose rows of q and k lie in another order there, and its sums with them.
  for (const std::string name : {"tiny-qwen2-yarn", "tiny-qwen3"}) {
    const Vectors vectors = ReadVectors(name);
    const auto run = [&](const std::string& path) {
      ModelUnderTest under_test(PathOf(path), AllBackends().back(),
                                {.max_rows = 128, .kv = {.block_size = 16, .num_blocks = 24}});
      return RunChunked(under_test.model(), vectors.ids, RowRole::kPrompt, 128);
    };
    EXPECT_EQ(run(name + ".gguf"), run(name)) << name;
  }
}

// A chunk of a long prompt, a decoding sequence and a fresh prompt in one batch, their blocks
// scattered, must give what each gives alone.
TEST_P(TinyModel, NeighboursAndBlocksDoNotShow) {
  const std::span<const int32_t> ids = vectors_.ids;
  const std::vector<float> prompt = RunChunked(model(), ids, RowRole::kPrompt, 128);
  RunChunked(model(), ids.subspan(5, 20), RowRole::kPrompt, 128);
  const std::span<const float> next =
      model().Forward(OneSequence(ids.subspan(25, 1), 20, RowRole::kGenerated, kBlockSize));
  const std::vector<float> decoded(next.begin(), next.end());

  const std::vector<int32_t> long_blocks = {21, 3, 17, 8, 1};
  const std::vector<int32_t> short_blocks = {5, 20};
  const Batch fill = Join(
      ids, {{0, 0, 40, RowRole::kPrompt, long_blocks}, {5, 0, 20, RowRole::kPrompt, short_blocks}});
  EXPECT_TRUE(model().Forward(fill).empty());  // no logits asked for
  Batch mixed = Join(ids, {{0, 40, 71, RowRole::kPrompt, long_blocks},
                           {5, 20, 21, RowRole::kGenerated, short_blocks},
                           {0, 0, 10, RowRole::kPrompt, {11}}});
  mixed.logit_rows = {0, 30, 31, 32, 41};
  const std::span<const float> joint = model().Forward(mixed);
  const std::vector<float> logits(joint.begin(), joint.end());
  ASSERT_EQ(logits.size(), 5 * vocab());

  EXPECT_EQ(RowOf(logits, 0), RowOf(prompt, 40));
  EXPECT_EQ(RowOf(logits, 1), RowOf(prompt, 70));
  EXPECT_EQ(RowOf(logits, 2), decoded);
  EXPECT_EQ(RowOf(logits, 3), RowOf(prompt, 0));
  EXPECT_EQ(RowOf(logits, 4), RowOf(prompt, 9));
}

INSTANTIATE_TEST_SUITE_P(All, TinyModel,
                         ::testing::Combine(::testing::ValuesIn(kModels),
                                            ::testing::ValuesIn(AllBackends())),
                         [](const ::testing::TestParamInfo<Param>& param_info) {
                           std::string name = std::get<0>(param_info.param);
                           std::ranges::replace_if(
                               name, [](char c) { return c == '-' || c == '.'; }, '_');
                           return name + "_" + SpecName(std::get<1>(param_info.param));
                         });

}  // namespace
}  // namespace retort

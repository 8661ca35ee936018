// Real weights against Transformers' float32, in the limits that Retort promises (README.md): each
// backend and instruction set, rows computed as prompt and as generated tokens.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "ops/cpu/cpu_backend.h"
#include "runtime/loaded_model.h"
#include "runtime/scorer.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"

namespace retort {
namespace {

constexpr double kSureMargin = 0.5;  // a most likely token by less than this may differ

struct Vector {
  std::string name;
  std::vector<int32_t> ids;
  std::vector<double> nll;             // [N - 1]
  std::vector<int32_t> argmax;         // [N], or empty
  std::vector<double> argmax_margins;  // [N], or empty
  std::vector<int32_t> probe_ids;
  std::vector<float> probe_logits;
  std::vector<int32_t> greedy;
  std::vector<double> greedy_margins;
};

std::vector<Vector> ReadVectors(const std::string& path, size_t max_tokens) {
  std::vector<Vector> vectors;
  for (const std::string& line : ReadLines(path)) {
    const nlohmann::json json = nlohmann::json::parse(line);
    Vector vector{.name = json.at("name"),
                  .ids = json.at("ids"),
                  .nll = json.at("nll"),
                  .argmax = json.value("argmax", std::vector<int32_t>{}),
                  .argmax_margins = json.value("margin", std::vector<double>{}),
                  .probe_ids = json.at("last").at("probe_ids"),
                  .probe_logits = json.at("last").at("probe_logits"),
                  .greedy = json.at("greedy"),
                  .greedy_margins = json.at("margins")};
    if (vector.ids.size() <= max_tokens) vectors.push_back(std::move(vector));
  }
  return vectors;
}

// What a run of all texts was found to be.
struct Exactness {
  double mean = 0;        // of the texts' mean |difference|, first predictions left out
  double worst_text = 0;  // greatest of these means
  double first = 0;       // greatest |difference| of a first prediction
  double rest = 0;        // and of any other
};

void CheckArgMax(const std::vector<int32_t>& expected, const std::vector<double>& margins,
                 std::span<const int32_t> actual, const std::string& what) {
  for (size_t i = 0; i < expected.size(); ++i) {
    if (margins[i] <= kSureMargin) continue;
    EXPECT_EQ(actual[i], expected[i]) << what << ", step " << i << ", margin " << margins[i];
  }
}

// The differences of `result`, in which a continuation may follow the vector's own tokens.
void AddDifferences(const Vector& vector, const ScoreResult& result, Exactness& exactness,
                    size_t texts) {
  double sum = 0;
  for (size_t i = 0; i < vector.nll.size(); ++i) {
    const double difference = std::abs(result.nll[i] - vector.nll[i]);
    double& greatest = i == 0 ? exactness.first : exactness.rest;
    greatest = std::max(greatest, difference);
    if (i > 0) sum += difference;
  }
  const double mean = sum / static_cast<double>(vector.nll.size() - 1);
  exactness.mean += mean / static_cast<double>(texts);
  exactness.worst_text = std::max(exactness.worst_text, mean);
}

// Scores each text with its recorded greedy continuation fed back as input.
Exactness Measure(LanguageModel& model, const std::vector<Vector>& vectors, RowRole role) {
  Exactness exactness;
  for (const Vector& vector : vectors) {
    std::vector<int32_t> continued = vector.ids;
    continued.insert(continued.end(), vector.greedy.begin(), vector.greedy.end() - 1);
    const ScoreResult result = Score(model, {.ids = continued, .role = role});
    AddDifferences(vector, result, exactness, vectors.size());
    CheckArgMax(vector.argmax, vector.argmax_margins, result.argmax, vector.name);
    CheckArgMax(vector.greedy, vector.greedy_margins,
                std::span(result.argmax).subspan(vector.ids.size() - 1), vector.name + ", greedy");
  }
  std::printf("mean %.4f  worst text %.4f  first %.4f  other %.4f\n", exactness.mean,
              exactness.worst_text, exactness.first, exactness.rest);
  return exactness;
}

// The greatest difference of a probe logit after a text's last token.
double MeasureProbes(LanguageModel& model, const std::vector<Vector>& vectors) {
  double greatest = 0;
  for (const Vector& vector : vectors) {
    const ScoreResult result = Score(model, {.ids = vector.ids, .probe_ids = vector.probe_ids});
    for (size_t i = 0; i < vector.probe_ids.size(); ++i) {
      const auto difference = static_cast<double>(result.probe_logits[i] - vector.probe_logits[i]);
      greatest = std::max(greatest, std::abs(difference));
    }
  }
  return greatest;
}

struct RealFile {
  const char* file;
  const char* shared_vectors;  // in the shared data
  double limit;                // of the mean difference on the cpu
};

constexpr RealFile kSmolLM2 = {"SmolLM2-135M-Instruct.Q4_1.gguf",
                               "data/logits/SmolLM2-135M-Instruct.Q4_1.jsonl", 0.073};
constexpr RealFile kQwen500M = {"qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
                                "data/logits/qwen2.5-coder-0.5b-instruct-q4_k_m.jsonl", 0.039};
constexpr RealFile kQwen1500M = {"qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                                 "data/logits/qwen2.5-coder-1.5b-instruct-q4_k_m.jsonl", 0.047};

void ExpectWithinCpuLimits(const Exactness& exactness, double limit) {
  EXPECT_LE(exactness.mean, limit);
  EXPECT_LE(exactness.worst_text, 2 * limit);
  EXPECT_LE(exactness.first, 0.5);
}

void ExpectExactReference(LanguageModel& model, const std::vector<Vector>& vectors) {
  const Exactness exactness = Measure(model, vectors, RowRole::kPrompt);
  EXPECT_LE(exactness.first, 0.01);
  EXPECT_LE(exactness.rest, 0.01);
  EXPECT_LE(MeasureProbes(model, vectors), 0.05);
}

std::string RoleName(RowRole role) { return role == RowRole::kPrompt ? "prompt" : "generated"; }

// Every instruction set of this processor, on the texts of this repository.
class OurTexts : public ::testing::TestWithParam<std::tuple<std::string, RowRole>> {};

TEST_P(OurTexts, AreWhatTransformersMakesOfThem) {
  const std::string path = RealModel(kSmolLM2.file);
  if (path.empty()) GTEST_SKIP() << kNoRealModels;
  const auto& [level, role] = GetParam();
  const auto vectors = ReadVectors(TestData("logits/smollm2-135m.jsonl"), 64);
  ASSERT_EQ(vectors.size(), 8u);
  const auto model = LoadModel(path, {.cpu_level = level, .kv_tokens = 128});
  ExpectWithinCpuLimits(Measure(model->language_model(), vectors, role), kSmolLM2.limit);
}

INSTANTIATE_TEST_SUITE_P(Cpu, OurTexts,
                         ::testing::Combine(::testing::ValuesIn(CpuLevels()),
                                            ::testing::Values(RowRole::kPrompt,
                                                              RowRole::kGenerated)),
                         [](const auto& tuple) {
                           return std::get<0>(tuple.param) + "_" +
                                  RoleName(std::get<1>(tuple.param));
                         });

TEST(OurTexts, AreExactOnTheReference) {
  const std::string path = RealModel(kSmolLM2.file);
  if (path.empty()) GTEST_SKIP() << kNoRealModels;
  const auto vectors = ReadVectors(TestData("logits/smollm2-135m.jsonl"), 64);
  const auto model = LoadModel(path, {.backend = "reference", .kv_tokens = 128});
  ExpectExactReference(model->language_model(), vectors);
}

// The shared vectors of three models: texts of at most `max_tokens`, where time is short.
class SharedTexts : public ::testing::Test {
 protected:
  void Check(const RealFile& file, const LoadOptions& load, RowRole role, size_t max_tokens) {
    const std::string path = RealModel(file.file);
    if (path.empty()) GTEST_SKIP() << kNoRealModels;
    const std::string shared = SharedData(file.shared_vectors);
    if (shared.empty()) GTEST_SKIP() << kNoSharedData;
    const auto vectors = ReadVectors(shared, max_tokens);
    ASSERT_GE(vectors.size(), 5u);
    const auto model = LoadModel(path, load);
    if (load.backend == "reference") {
      ExpectExactReference(model->language_model(), vectors);
    } else {
      ExpectWithinCpuLimits(Measure(model->language_model(), vectors, role), file.limit);
    }
  }
};

constexpr size_t kAll = 1400;
constexpr size_t kShort = 64;      // all but the long text
constexpr size_t kVeryShort = 30;  // five texts

TEST_F(SharedTexts, SmolLM2Prompt) { Check(kSmolLM2, {}, RowRole::kPrompt, kAll); }
TEST_F(SharedTexts, SmolLM2Generated) { Check(kSmolLM2, {}, RowRole::kGenerated, kAll); }
TEST_F(SharedTexts, SmolLM2Reference) {
  Check(kSmolLM2, {.backend = "reference"}, RowRole::kPrompt, kShort);
}
TEST_F(SharedTexts, Qwen500MPrompt) { Check(kQwen500M, {}, RowRole::kPrompt, kShort); }
TEST_F(SharedTexts, Qwen500MGenerated) { Check(kQwen500M, {}, RowRole::kGenerated, kVeryShort); }
TEST_F(SharedTexts, Qwen1500MPrompt) { Check(kQwen1500M, {}, RowRole::kPrompt, kShort); }
TEST_F(SharedTexts, Qwen1500MGenerated) { Check(kQwen1500M, {}, RowRole::kGenerated, kVeryShort); }

}  // namespace
}  // namespace retort

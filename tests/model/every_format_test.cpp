// A model whose matrices all have one format, for each format: through the whole decoder on every
// backend, beside the model that holds the same numbers as floats.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "model/known_shapes.h"
#include "model/random_checkpoint.h"
#include "quant/codec.h"
#include "tests/model/model_under_test.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

constexpr int kRows = 4;
constexpr DecoderOptions kOptions{.max_rows = kRows, .kv = {.block_size = 16, .num_blocks = 1}};

// The same file with every number decoded to F32.
void WriteDecoded(const std::string& from, const std::string& to) {
  const auto checkpoint = OpenCheckpoint(from);
  GgufWriter writer;
  for (const auto& [key, value] : checkpoint->metadata().values()) writer.AddValue(key, value);
  for (const NamedTensor& tensor : checkpoint->tensors()) {
    const ConstTensorView& view = tensor.view;
    std::vector<float> values(static_cast<size_t>(view.shape.size()));
    DequantizeRow(view.dtype, view.data, view.shape.size(), values.data());
    writer.AddTensor(tensor.name, DType::kF32, view.shape, values);
  }
  writer.Write(to);
}

class EveryFormat : public ::testing::TestWithParam<DType> {
 protected:
  EveryFormat() {
    ModelConfig config = KnownShape("tiny-qwen");
    config.intermediate_size = 256;
    WriteRandomCheckpoint({.config = config,
                           .types = {.most = GetParam(), .mixed = false},
                           .seed = 3,
                           .metadata = {}},
                          packed_);
    WriteDecoded(packed_, decoded_);
    std::iota(ids_.begin(), ids_.end(), 100);
  }

  std::vector<float> Logits(const std::string& path, const BackendSpec& spec, RowRole role) const {
    ModelUnderTest under_test(path, spec, kOptions);
    return RunChunked(under_test.model(), ids_, role, role == RowRole::kPrompt ? kRows : 1);
  }

  TempDir folder_;
  std::string packed_ = folder_.File("packed.gguf"), decoded_ = folder_.File("decoded.gguf");
  std::vector<int32_t> ids_ = std::vector<int32_t>(kRows);
};

// For logits with a deviation of about 3; cpu keeps keys and values in 16 bits, levels with integer
// kernels round the rows that meet packed weights to 8 bits, and AMX multiplies a prompt's rows in
// bfloat16.
double RmsBoundOf(const BackendSpec& spec, RowRole role, DType dtype) {
  if (IsQuantized(dtype) && RoundsRows(spec)) return 0.06;
  return spec.level == "amx" && role == RowRole::kPrompt ? 0.1 : 0.01;
}

TEST_P(EveryFormat, GivesTheLogitsOfItsDecodedWeights) {
  const BackendSpec reference{"reference", ""};
  for (const RowRole role : {RowRole::kPrompt, RowRole::kGenerated}) {
    const std::vector<float> expected = Logits(decoded_, reference, role);
    EXPECT_EQ(Logits(packed_, reference, role), expected);
    for (const BackendSpec& spec : AllBackends()) {
      const std::vector<float> actual = Logits(packed_, spec, role);
      ASSERT_EQ(actual.size(), expected.size());
      double squares = 0;
      for (size_t i = 0; i < actual.size(); ++i) {
        squares += std::pow(static_cast<double>(actual[i]) - expected[i], 2);
      }
      const double difference = std::sqrt(squares / static_cast<double>(actual.size()));
      EXPECT_LT(difference, RmsBoundOf(spec, role, GetParam())) << SpecName(spec);
    }
  }
}

std::vector<DType> AllTypes() {
  std::vector<DType> types;
  for (const DTypeInfo& info : kDTypeTable) types.push_back(info.dtype);
  return types;
}

INSTANTIATE_TEST_SUITE_P(All, EveryFormat, ::testing::ValuesIn(AllTypes()),
                         [](const ::testing::TestParamInfo<DType>& param_info) {
                           return std::string(Info(param_info.param).name);
                         });

}  // namespace
}  // namespace retort

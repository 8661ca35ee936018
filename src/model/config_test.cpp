#include "model/config.h"

#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"

namespace retort {
namespace {

ModelConfig Valid() {
  ModelConfig config;
  config.architecture = "llama";
  config.vocab_size = 100;
  config.hidden_size = 64;
  config.num_layers = 2;
  config.num_heads = 4;
  config.num_kv_heads = 2;
  config.head_dim = 16;
  config.intermediate_size = 96;
  config.max_position_embeddings = 256;
  config.rms_norm_eps = 1e-5f;
  return config;
}

void ExpectInvalid(const ModelConfig& config, const std::string& field, const std::string& value) {
  try {
    config.Validate("liar.gguf");
    ADD_FAILURE() << field << " = " << value << " was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    const std::string message = error.what();
    EXPECT_NE(message.find("liar.gguf"), std::string::npos) << message;
    EXPECT_NE(message.find(field + " is " + value), std::string::npos) << message;
  }
}

TEST(ModelConfig, AcceptsWhatItCanCompute) { EXPECT_NO_THROW(Valid().Validate("good.gguf")); }

TEST(ModelConfig, RefusesEveryIntegerOutOfRange) {
  const std::pair<const char*, int64_t ModelConfig::*> fields[] = {
      {"vocab_size", &ModelConfig::vocab_size},
      {"hidden_size", &ModelConfig::hidden_size},
      {"num_layers", &ModelConfig::num_layers},
      {"num_heads", &ModelConfig::num_heads},
      {"num_kv_heads", &ModelConfig::num_kv_heads},
      {"head_dim", &ModelConfig::head_dim},
      {"intermediate_size", &ModelConfig::intermediate_size},
      {"max_position_embeddings", &ModelConfig::max_position_embeddings},
  };
  for (const auto& [name, field] : fields) {
    for (int64_t value :
         {int64_t{0}, int64_t{-1}, int64_t{1} << 40, std::numeric_limits<int64_t>::min()}) {
      ModelConfig config = Valid();
      config.*field = value;
      ExpectInvalid(config, name, std::to_string(value));
    }
  }
}

TEST(ModelConfig, RefusesHeadsThatDoNotShareEvenly) {
  ModelConfig config = Valid();
  config.num_heads = 6;
  config.num_kv_heads = 4;
  ExpectInvalid(config, "num_heads", "6");
  config.num_kv_heads = 12;  // more than there are query heads
  ExpectInvalid(config, "num_kv_heads", "12");
}

TEST(ModelConfig, RefusesAnOddHeadSize) {
  ModelConfig config = Valid();
  config.head_dim = 15;
  ExpectInvalid(config, "head_dim", "15");
}

TEST(ModelConfig, RefusesNumbersThatAreNone) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (float value : {0.0f, -1e-5f, 1.0f, nan, infinity}) {
    ModelConfig config = Valid();
    config.rms_norm_eps = value;
    ExpectInvalid(config, "rms_norm_eps", "");
  }
  for (float value : {0.0f, -10000.0f, nan, infinity}) {
    ModelConfig config = Valid();
    config.rope_theta = value;
    ExpectInvalid(config, "rope_theta", "");
  }
}

// Figures of published models.
TEST(ModelConfig, CountsBytesOfKeysAndValues) {
  ModelConfig config = Valid();
  config.num_layers = 28;
  config.num_kv_heads = 2;
  config.head_dim = 128;
  EXPECT_EQ(config.KvBytesPerToken({DType::kBF16, DType::kBF16}), 28'672);  // R1-Distill-Qwen-1.5B
  config.num_layers = 32;
  config.num_kv_heads = 8;
  EXPECT_EQ(config.KvBytesPerToken({}), 131'072);  // R1-Distill-Llama-8B
  EXPECT_EQ(config.KvBytesPerToken({DType::kF32, DType::kF32}), 262'144);
}

}  // namespace
}  // namespace retort

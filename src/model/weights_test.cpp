#include "model/weights.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "model/arch/registry.h"
#include "model/fake_checkpoint.h"
#include "ops/reference/reference_backend.h"

namespace retort {
namespace {

class Weights : public ::testing::Test {
 protected:
  ModelWeights Load(const FakeCheckpoint& file) {
    const Architecture& architecture = FindArchitecture(file);
    return LoadWeights(file, architecture.parse(file), architecture.names(file.dialect()),
                       *backend_);
  }
  void ExpectRefused(const FakeCheckpoint& file, ErrorCode code, const std::string& tensor) {
    try {
      Load(file);
      ADD_FAILURE() << "accepted, expected to be refused for " << tensor;
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.code(), code) << message;
      EXPECT_NE(message.find(file.path()), std::string::npos) << message;
      EXPECT_NE(message.find(tensor), std::string::npos) << message;
    }
  }
  std::vector<float> Floats(const Tensor& tensor) {
    const std::span<const float> values = backend_->Host(tensor.view());
    return {values.begin(), values.end()};
  }

  std::unique_ptr<Backend> backend_ = CreateReferenceBackend();
};

TEST_F(Weights, GivesEveryTensorItsPlace) {
  const ModelWeights weights = Load(FakeCheckpoint::Dense("qwen2"));
  ASSERT_EQ(weights.layers.size(), 2u);
  const LayerWeights& layer = weights.layers[1];
  EXPECT_EQ(layer.q->rows(), 24);
  EXPECT_EQ(layer.o->cols(), 24);
  EXPECT_EQ(layer.down->cols(), 20);
  EXPECT_EQ(layer.q_bias.shape(), (Shape{24}));
  EXPECT_EQ(layer.v_bias.shape(), (Shape{12}));
  EXPECT_EQ(&weights.head_or_embedding(), weights.head.get());
  // 2 x (q, k, v, o, gate, up, down, biases, norms), head, norm; all F32.
  EXPECT_EQ(weights.bytes, 4 * (2 * (288 + 144 + 144 + 288 + 3 * 240 + 48 + 24) + 120 + 12));
}

TEST_F(Weights, TiedHeadIsTheEmbedding) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.Remove("output.weight");
  const ModelWeights weights = Load(file);
  EXPECT_EQ(&weights.head_or_embedding(), weights.embedding.get());
}

TEST_F(Weights, RefuseShapesThatTheConfigurationDoesNotImply) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.feed_forward_length"] = int64_t{24};
  ExpectRefused(file, ErrorCode::kCorrupt, "blk.0.ffn_gate.weight");
  file = FakeCheckpoint::Dense("llama");
  file.values["llama.vocab_size"] = int64_t{11};
  ExpectRefused(file, ErrorCode::kCorrupt, "token_embd.weight");
  file = FakeCheckpoint::Dense("llama");
  file.Reshape("blk.1.attn_k.weight", {6, 12});
  ExpectRefused(file, ErrorCode::kCorrupt, "blk.1.attn_k.weight");
  file = FakeCheckpoint::Dense("llama");
  file.values["llama.block_count"] = int64_t{3};
  ExpectRefused(file, ErrorCode::kCorrupt, "blk.2.attn_norm.weight");
}

TEST_F(Weights, RefuseMissingBiases) {
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen2");
  file.Remove("blk.1.attn_k.bias");
  ExpectRefused(file, ErrorCode::kCorrupt, "blk.1.attn_k.bias");
}

TEST_F(Weights, RefuseTensorsThatWouldBeIgnored) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.Add("blk.0.attn_q.bias", {24});
  ExpectRefused(file, ErrorCode::kUnsupported, "blk.0.attn_q.bias");
  file = FakeCheckpoint::Dense("llama");
  file.values["llama.block_count"] = int64_t{1};
  ExpectRefused(file, ErrorCode::kUnsupported, "blk.1.");
}

TEST_F(Weights, AreTheSameInBothDialects) {
  for (const char* architecture : {"llama", "qwen2", "qwen3"}) {
    const ModelWeights file = Load(FakeCheckpoint::Dense(architecture));
    const ModelWeights folder = Load(FakeCheckpoint::Folder(architecture));
    EXPECT_EQ(folder.bytes, file.bytes) << architecture;
    EXPECT_EQ(Floats(folder.inv_freq), Floats(file.inv_freq)) << architecture;
  }
}

TEST_F(Weights, HeadsOfQwen3HaveNorms) {
  const ModelWeights weights = Load(FakeCheckpoint::Dense("qwen3"));
  EXPECT_EQ(weights.layers[1].q_norm.shape(), (Shape{6}));
  EXPECT_EQ(weights.layers[1].k_norm.shape(), (Shape{6}));
  FakeCheckpoint file = FakeCheckpoint::Dense("qwen3");
  file.Remove("blk.0.attn_k_norm.weight");
  ExpectRefused(file, ErrorCode::kCorrupt, "blk.0.attn_k_norm.weight");
}

// A folder may say again what follows from its configuration.
TEST_F(Weights, CopiesOfWhatIsKnownAreNotRead) {
  FakeCheckpoint folder = FakeCheckpoint::Folder("llama");
  folder.Add("model.layers.1.self_attn.rotary_emb.inv_freq", {3});
  EXPECT_EQ(Load(folder).bytes, Load(FakeCheckpoint::Folder("llama")).bytes);
  folder.values["tie_word_embeddings"] = true;
  const ModelWeights tied = Load(folder);
  EXPECT_EQ(&tied.head_or_embedding(), tied.embedding.get());
}

TEST_F(Weights, FrequenciesAreThoseOfTheConfiguration) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.values["llama.rope.scaling.factor"] = 2.0;
  const std::vector<float> inv_freq = Floats(Load(file).inv_freq);
  ASSERT_EQ(inv_freq.size(), 3u);  // Dh / 2
  EXPECT_FLOAT_EQ(inv_freq[0], 0.5f);
  EXPECT_FLOAT_EQ(inv_freq[2], std::pow(10000.0f, -2.0f / 3) / 2);
}

TEST_F(Weights, FrequenciesAreDividedByTheFilesDivisors) {
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.Add("rope_freqs.weight", {3}, 8.0f);
  const std::vector<float> inv_freq = Floats(Load(file).inv_freq);
  EXPECT_FLOAT_EQ(inv_freq[0], 1.0f / 8);
  EXPECT_FLOAT_EQ(inv_freq[2], std::pow(10000.0f, -2.0f / 3) / 8);
}

TEST_F(Weights, RefuseDivisorsThatAreNone) {
  for (float divisor : {0.0f, -1.0f, std::nanf("")}) {
    FakeCheckpoint file = FakeCheckpoint::Dense("llama");
    file.Add("rope_freqs.weight", {3}, divisor);
    ExpectRefused(file, ErrorCode::kCorrupt, "rope_freqs.weight");
  }
  FakeCheckpoint file = FakeCheckpoint::Dense("llama");
  file.Add("rope_freqs.weight", {2});
  ExpectRefused(file, ErrorCode::kCorrupt, "rope_freqs.weight");
}

}  // namespace
}  // namespace retort

#include "model/kv_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "ops/reference/reference_backend.h"

namespace retort {
namespace {

ModelConfig Config() {
  ModelConfig config;
  config.name = "Tiny";
  config.num_layers = 3;
  config.num_kv_heads = 2;
  config.head_dim = 16;
  return config;
}

TEST(KvCache, HasPlaceForEveryBlockOfEveryLayer) {
  const auto backend = CreateReferenceBackend();
  KvCache cache(Config(), {.block_size = 8, .num_blocks = 5}, *backend);
  EXPECT_EQ(cache.bytes(), 8 * 5 * Config().KvBytesPerToken(backend->kv_types()));
  for (int64_t layer = 0; layer < 3; ++layer) {
    const KvView view = cache.layer(layer);
    EXPECT_EQ(view.k.shape, (Shape{5, 2, 8, 16}));
    EXPECT_EQ(view.v.shape, view.k.shape);
    // Whoever writes all of a layer must not touch another.
    for (const TensorView& tensor : {view.k, view.v}) {
      const std::span<const float> floats = backend->Host(tensor);
      EXPECT_TRUE(std::ranges::all_of(floats, [](float x) { return x == 0; })) << layer;
      std::fill_n(tensor.f32(), floats.size(), 1.0f);
    }
  }
}

TEST(KvCache, RefusesWithFiguresWhatCannotBeAllocated) {
  const auto backend = CreateReferenceBackend();
  const int32_t many = std::numeric_limits<int32_t>::max();
  try {
    KvCache cache(Config(), {.block_size = many, .num_blocks = many}, *backend);
    ADD_FAILURE() << "allocated more than there is";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kResourceExhausted);
    const std::string message = error.what();
    EXPECT_NE(message.find("Tiny"), std::string::npos) << message;
    EXPECT_NE(message.find("4611686014132420609 tokens"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace retort

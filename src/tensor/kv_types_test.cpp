#include "tensor/kv_types.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

TEST(KvTypes, NamesAreReadBack) {
  EXPECT_EQ(ParseKvTypes("f16"), KvTypes{});
  EXPECT_EQ(ParseKvTypes("f16-q8_0"), (KvTypes{DType::kF16, DType::kQ8_0}));
  EXPECT_EQ(ParseKvTypes("Q8_0"), (KvTypes{DType::kQ8_0, DType::kQ8_0}));
  EXPECT_EQ((KvTypes{DType::kF16, DType::kQ8_0}).name(), "F16-Q8_0");
}

TEST(KvTypes, OtherNamesAreNone) {
  for (const char* name : {"", "f1", "f16-", "f16-f16", "q8_0-f16", "f32", "q4_0"}) {
    EXPECT_EQ(ParseKvTypes(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace retort

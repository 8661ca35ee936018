#include "ops/host_memory.h"

#include <gtest/gtest.h>

#include <array>

namespace retort {
namespace {

TEST(HostMemory, TensorsAreZeroedAndAligned) {
  for (const int64_t size : {1, 7, 64, 1000, 100000}) {
    Tensor tensor = NewHostTensor(DType::kF32, {3, size});
    EXPECT_EQ(reinterpret_cast<uintptr_t>(tensor.view().data) % 64, 0u);
    EXPECT_EQ(tensor.bytes(), static_cast<size_t>(3 * size) * sizeof(float));
    for (int64_t i = 0; i < 3 * size; ++i) ASSERT_EQ(tensor.view().f32()[i], 0.0f);
  }
}

TEST(HostMemory, ImpossibleSizesAreErrors) {
  const int64_t huge = int64_t{1} << 40;
  EXPECT_THROW(NewHostTensor(DType::kF32, {huge, huge}), Error);
  EXPECT_THROW(NewHostTensor(DType::kF32, {huge, int64_t{1} << 20}), Error);
  EXPECT_THROW(NewHostTensor(DType::kF32, {2, -1}), Error);
}

TEST(HostMemory, ConvertsToF32) {
  const std::array<uint16_t, 3> halves = {0x3C00, 0xC000, 0x3800};  // 1, -2, 0.5
  const ConstTensorView view{reinterpret_cast<const std::byte*>(halves.data()), DType::kF16, {3}};
  const Tensor tensor = ConvertToHostF32(view);
  EXPECT_EQ(tensor.view().f32()[0], 1.0f);
  EXPECT_EQ(tensor.view().f32()[1], -2.0f);
  EXPECT_EQ(tensor.view().f32()[2], 0.5f);
}

TEST(HostMemory, PackNamesTheMatrixItRefuses) {
  const std::array<std::byte, 256> bytes{};
  try {
    PackInPlace({bytes.data(), DType::kQ8_0, {2, 48}}, "blk.7.attn_q.weight");
    FAIL() << "48 elements are not whole blocks of 32";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_NE(std::string(error.what()).find("blk.7.attn_q.weight"), std::string::npos);
  }
  EXPECT_THROW(PackInPlace({bytes.data(), DType::kF32, {8}}, "norm"), Error);
  const auto matrix = PackInPlace({bytes.data(), DType::kQ8_0, {2, 64}}, "w");
  EXPECT_EQ(matrix->rows(), 2);
  EXPECT_EQ(matrix->cols(), 64);
  EXPECT_EQ(matrix->row(1) - matrix->row(0), 68);
  EXPECT_EQ(matrix->owned_bytes(), 0u);
}

}  // namespace
}  // namespace retort

#include "tensor/dtype.h"

#include <gtest/gtest.h>

#include "tensor/shape.h"
#include "tensor/tensor.h"

namespace retort {
namespace {

TEST(DType, NamesAndGgmlNumbersFindTheirRow) {
  for (int i = 0; i < kNumDTypes; ++i) {
    const auto dtype = static_cast<DType>(i);
    EXPECT_EQ(Info(dtype).dtype, dtype);
    EXPECT_EQ(DTypeFromGgml(Info(dtype).ggml_id), dtype);
    EXPECT_EQ(DTypeFromName(Info(dtype).name), dtype);
  }
  EXPECT_EQ(DTypeFromGgml(4), std::nullopt);  // removed from GGML
  EXPECT_EQ(DTypeFromGgml(16), std::nullopt);
  EXPECT_EQ(DTypeFromName("q4_k"), std::nullopt);
}

TEST(DType, RowBytesCountWholeBlocks) {
  EXPECT_EQ(RowBytes(DType::kF32, 10), 40u);
  EXPECT_EQ(RowBytes(DType::kBF16, 10), 20u);
  EXPECT_EQ(RowBytes(DType::kQ8_0, 64), 68u);
  EXPECT_EQ(RowBytes(DType::kQ4_K, 512), 288u);
  EXPECT_FALSE(IsQuantized(DType::kF16));
  EXPECT_TRUE(IsQuantized(DType::kQ6_K));
}

TEST(Shape, CountsElementsAndRows) {
  const Shape shape{3, 4, 32};
  EXPECT_EQ(shape.size(), 384);
  EXPECT_EQ(shape.rows(), 12);
  EXPECT_EQ(shape.back(), 32);
  EXPECT_EQ(shape.ToString(), "[3, 4, 32]");
  EXPECT_EQ(Shape{}.size(), 1);
  EXPECT_EQ(Shape{}.rows(), 1);
  EXPECT_NE(shape, (Shape{3, 4}));
}

TEST(TensorView, RowsIsAPrefixOfTheMatrix) {
  std::byte data[4 * 34];
  const TensorView view{data, DType::kQ8_0, Shape{4, 32}};
  EXPECT_EQ(view.bytes(), 136u);
  EXPECT_EQ(view.Rows(2).bytes(), 68u);
  EXPECT_EQ(view.Rows(2).data, data);
  EXPECT_EQ(ConstTensorView(view).shape, view.shape);
}

TEST(Tensor, FreesItsMemoryThroughItsDeleter) {
  static int freed;  // a deleter is a plain function pointer
  freed = 0;
  {
    Tensor tensor(
        new std::byte[8],
        [](std::byte* data) {
          ++freed;
          delete[] data;
        },
        DType::kF32, Shape{2});
    Tensor moved = std::move(tensor);
    EXPECT_EQ(moved.bytes(), 8u);
    EXPECT_EQ(tensor.bytes(), 0u);  // NOLINT: a moved-from tensor is empty
  }
  EXPECT_EQ(freed, 1);
}

}  // namespace
}  // namespace retort

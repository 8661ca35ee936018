// TensorView: a non-owning, contiguous, row-major array; cheap to copy. Tensor: owns its memory,
// which may be a device's; whoever made it (a Backend) says how it is freed. Only code below the
// Backend seam and tests on the CPU may dereference the data of a view.
// Views are not thread-safe beyond what the bytes they point at are.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "base/error.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace retort {

template <typename Byte>  // std::byte or const std::byte
struct BasicTensorView {
  Byte* data = nullptr;
  DType dtype = DType::kF32;
  Shape shape;

  bool empty() const { return data == nullptr; }
  size_t row_bytes() const { return RowBytes(dtype, static_cast<size_t>(shape.back())); }
  size_t bytes() const { return row_bytes() * static_cast<size_t>(shape.rows()); }
  // Float elements; the view must be F32.
  auto f32() const {
    RETORT_CHECK(dtype == DType::kF32);
    using Float = std::conditional_t<std::is_const_v<Byte>, const float, float>;
    return reinterpret_cast<Float*>(data);
  }
  // The view of the first `count` rows of a matrix [rows, cols].
  BasicTensorView Rows(int64_t count) const {
    RETORT_CHECK(shape.rank() == 2 && count <= shape[0]);
    return {data, dtype, Shape{count, shape[1]}};
  }
  explicit(false) operator BasicTensorView<const Byte>() const requires(!std::is_const_v<Byte>) {
    return {data, dtype, shape};
  }
};

using TensorView = BasicTensorView<std::byte>;
using ConstTensorView = BasicTensorView<const std::byte>;

class Tensor {
 public:
  using Deleter = void (*)(std::byte*);

  Tensor() : data_(nullptr, nullptr) {}
  Tensor(std::byte* data, Deleter deleter, DType dtype, Shape shape)
      : data_(data, deleter), dtype_(dtype), shape_(std::move(shape)) {}

  TensorView view() { return {data_.get(), dtype_, shape_}; }
  ConstTensorView view() const { return {data_.get(), dtype_, shape_}; }
  size_t bytes() const { return data_ ? view().bytes() : 0; }
  const Shape& shape() const { return shape_; }

 private:
  std::unique_ptr<std::byte, Deleter> data_;
  DType dtype_ = DType::kF32;
  Shape shape_;
};

}  // namespace retort

// What backends that compute in host memory share: tensors on the heap and matrices read in place.
//
//   Tensor x = NewHostTensor(DType::kF32, {rows, cols});   // zeroed, aligned to 64 bytes
//   auto w = PackInPlace(view_of_the_file, "blk.0.attn_q.weight");
//
// Errors: kResourceExhausted naming the size; kUnsupported naming the matrix. Thread-safe.
#pragma once

#include <memory>
#include <string>

#include "ops/backend.h"

namespace retort {

// Zeroed; large tensors take physical memory only where they are written.
Tensor NewHostTensor(DType dtype, const Shape& shape);
// Asks for large pages, which are faulted in and looked up faster, for memory that is about to be
// written all over. A hint: without effect where the system has none.
void AdviseLargePages(TensorView view);

// A copy of `host`, of any DType, as F32.
Tensor ConvertToHostF32(ConstTensorView host);

// A matrix that kernels read where it lies.
class HostMatrix : public PackedMatrix {
 public:
  explicit HostMatrix(ConstTensorView source)
      : PackedMatrix(source.shape[0], source.shape[1], source.dtype),
        data_(source.data),
        row_bytes_(source.row_bytes()) {}

  const std::byte* row(int64_t i) const { return data_ + static_cast<size_t>(i) * row_bytes_; }
  size_t row_bytes() const { return row_bytes_; }
  size_t owned_bytes() const override { return 0; }
  bool multiplies_source() const override { return true; }

 private:
  const std::byte* data_;
  size_t row_bytes_;
};

// Throws if `source` is not a matrix of whole blocks.
void CheckWholeBlocks(ConstTensorView source, const std::string& name);
std::unique_ptr<HostMatrix> PackInPlace(ConstTensorView source, const std::string& name);

}  // namespace retort

#include "ops/host_memory.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include "quant/codec.h"

namespace retort {
namespace {

constexpr size_t kAlignment = 64;  // a cache line, and the widest vector
// Refused without asking: lazily allocated memory would be granted and then run out.
constexpr size_t kMaxBytes = size_t{1} << 39;

// calloc rather than aligned_alloc and memset: the kernel hands out zero pages lazily, so a cache
// sized for the longest context costs only what is used. The pointer to free stands just before the
// aligned block.
std::byte* AllocateZeroed(size_t bytes) {
  auto* raw = static_cast<std::byte*>(std::calloc(1, bytes + 2 * kAlignment));
  if (raw == nullptr) return nullptr;
  const size_t misalignment = reinterpret_cast<uintptr_t>(raw) % kAlignment;
  std::byte* aligned = raw + 2 * kAlignment - misalignment - (misalignment == 0 ? kAlignment : 0);
  std::memcpy(aligned - sizeof(raw), &raw, sizeof(raw));
  return aligned;
}

void Free(std::byte* aligned) {
  std::byte* raw = nullptr;
  std::memcpy(&raw, aligned - sizeof(raw), sizeof(raw));
  std::free(raw);
}

// False when the shape has a negative dimension or more bytes than any machine has.
bool CountBytes(DType dtype, const Shape& shape, size_t* bytes) {
  size_t elements = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[i] < 0) return false;
    if (__builtin_mul_overflow(elements, static_cast<size_t>(shape[i]), &elements)) return false;
  }
  const DTypeInfo& info = Info(dtype);
  return !__builtin_mul_overflow(elements / info.block, info.bytes, bytes) && *bytes <= kMaxBytes;
}

}  // namespace

Tensor NewHostTensor(DType dtype, const Shape& shape) {
  size_t bytes = 0;
  std::byte* data = CountBytes(dtype, shape, &bytes) ? AllocateZeroed(bytes) : nullptr;
  if (data == nullptr) {
    Fail(ErrorCode::kResourceExhausted,
         "cannot allocate {} bytes for a {} tensor {}; use a shorter context or fewer sequences",
         bytes, Info(dtype).name, shape.ToString());
  }
  return Tensor(data, &Free, dtype, shape);
}

void AdviseLargePages(TensorView view) {
#if defined(__linux__)
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(view.data);
  const uintptr_t first = (begin + page - 1) / page * page;
  const uintptr_t last = (begin + view.bytes()) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
#endif
}

Tensor ConvertToHostF32(ConstTensorView host) {
  Tensor tensor = NewHostTensor(DType::kF32, host.shape);
  const int64_t cols = host.shape.back();
  for (int64_t row = 0; row < host.shape.rows(); ++row) {
    DequantizeRow(host.dtype, host.data + static_cast<size_t>(row) * host.row_bytes(), cols,
                  tensor.view().f32() + row * cols);
  }
  return tensor;
}

void CheckWholeBlocks(ConstTensorView source, const std::string& name) {
  if (source.shape.rank() != 2 || source.shape.size() == 0 || source.empty()) {
    Fail(ErrorCode::kUnsupported, "{}: shape {} is not that of a matrix", name,
         source.shape.ToString());
  }
  const size_t block = Info(source.dtype).block;
  if (static_cast<size_t>(source.shape[1]) % block != 0) {
    Fail(ErrorCode::kUnsupported, "{}: rows of {} elements are not whole {} blocks of {}", name,
         source.shape[1], Info(source.dtype).name, block);
  }
}

std::unique_ptr<HostMatrix> PackInPlace(ConstTensorView source, const std::string& name) {
  CheckWholeBlocks(source, name);
  return std::make_unique<HostMatrix>(source);
}

}  // namespace retort

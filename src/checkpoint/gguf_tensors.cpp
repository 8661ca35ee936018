#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/gguf_reader.h"
#include "checkpoint/gguf_types.h"

namespace retort {
namespace {

constexpr uint64_t kMaxNameBytes = 63;
constexpr uint64_t kMaxDim = uint64_t{1} << 31;
constexpr uint64_t kMaxElements = uint64_t{1} << 40;

struct GgufTensorInfo {
  std::string_view name;
  DType dtype = DType::kF32;
  Shape shape;
  uint64_t offset = 0;  // from the start of the data
  uint64_t bytes = 0;
};

class TensorReader {
 public:
  TensorReader(ByteReader& reader, uint64_t alignment) : reader_(reader), alignment_(alignment) {}

  GgufTensorInfo ReadInfo(uint64_t index) {
    GgufTensorInfo info;
    const std::string ordinal = fmt::format("name of tensor {}", index);
    info.name = reader_.ReadString(ordinal, kMaxNameBytes);
    field_ = fmt::format("tensor {}", Quoted(info.name));
    if (info.name.empty()) Damaged(fmt::format("({}) has no name", index));
    if (!names_.insert(info.name).second) Damaged("appears twice");
    info.shape = ReadShape();
    info.dtype = ReadType();
    const DTypeInfo& type = Info(info.dtype);
    const auto columns = static_cast<uint64_t>(info.shape.back());
    if (columns % type.block != 0) {
      Damaged(fmt::format("has rows of {} elements, not a multiple of {}'s block of {}", columns,
                          type.name, type.block));
    }
    // At most 2^40 elements of at most 4 bytes: no overflow.
    info.bytes = static_cast<uint64_t>(info.shape.size()) / type.block * type.bytes;
    info.offset = reader_.Read<uint64_t>(field_);
    if (info.offset % alignment_ != 0) {
      Damaged(fmt::format("starts at offset {}, not a multiple of the alignment {}", info.offset,
                          alignment_));
    }
    return info;
  }

  // The position in the file where the data begins.
  uint64_t DataStart() const {
    const uint64_t excess = reader_.position() % alignment_;
    return excess == 0 ? reader_.position() : reader_.position() + (alignment_ - excess);
  }

  void CheckPlaces(const std::vector<GgufTensorInfo>& infos, uint64_t data_start) {
    const uint64_t data_bytes = data_start <= reader_.size() ? reader_.size() - data_start : 0;
    for (const GgufTensorInfo& info : infos) {
      field_ = fmt::format("tensor {}", Quoted(info.name));
      if (info.offset > data_bytes || info.bytes > data_bytes - info.offset) {
        Fail(ErrorCode::kCorrupt,
             "{}: {} takes {} bytes at offset {} of the data, but the file has only {} bytes of "
             "data; it is incomplete or damaged, download it again",
             reader_.source(), field_, info.bytes, info.offset, data_bytes);
      }
      const uint64_t position = data_start + info.offset;
      const uint64_t needed = info.dtype == DType::kF32 ? alignof(float) : alignof(uint16_t);
      if (position % needed != 0) {
        Fail(ErrorCode::kUnsupported,
             "{}: {} starts at byte {}, but {} data must start at a multiple of {}; write the "
             "file again with {} 32",
             reader_.source(), field_, position, Info(info.dtype).name, needed, kAlignmentKey);
      }
    }
  }

  void CheckOverlap(const std::vector<GgufTensorInfo>& infos) {
    std::vector<size_t> order(infos.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return infos[a].offset < infos[b].offset; });
    for (size_t i = 1; i < order.size(); ++i) {
      const GgufTensorInfo& before = infos[order[i - 1]];
      const GgufTensorInfo& after = infos[order[i]];
      if (before.offset + before.bytes <= after.offset) continue;
      field_ = fmt::format("tensor {}", Quoted(after.name));
      Damaged(fmt::format("starts at offset {} and overlaps {}, which ends at {}", after.offset,
                          Quoted(before.name), before.offset + before.bytes));
    }
  }

 private:
  [[noreturn]] void Damaged(const std::string& what) const {
    Fail(ErrorCode::kCorrupt, "{}: {} {}; the file is damaged, download or convert it again",
         reader_.source(), field_, what);
  }

  // The file lists dimensions innermost first.
  Shape ReadShape() {
    const auto rank = reader_.Read<uint32_t>(field_);
    if (rank < 1 || rank > Shape::kMaxRank) {
      Damaged(fmt::format("has {} dimensions, 1 to {} are possible", rank, Shape::kMaxRank));
    }
    uint64_t dims[Shape::kMaxRank];
    uint64_t elements = 1;
    for (uint32_t i = 0; i < rank; ++i) {
      dims[i] = reader_.Read<uint64_t>(field_);
      if (dims[i] < 1 || dims[i] > kMaxDim) {
        Damaged(fmt::format("has dimension {} = {}, 1 to {} are possible", i, dims[i], kMaxDim));
      }
      if (__builtin_mul_overflow(elements, dims[i], &elements) || elements > kMaxElements) {
        Damaged(fmt::format("has more than {} elements with dimension {} = {}", kMaxElements, i,
                            dims[i]));
      }
    }
    Shape shape;
    for (uint32_t i = rank; i-- > 0;) shape.Append(static_cast<int64_t>(dims[i]));
    return shape;
  }

  DType ReadType() {
    const auto id = reader_.Read<uint32_t>(field_);
    if (const std::optional<DType> dtype = DTypeFromGgml(id)) return *dtype;
    const std::string_view name = GgmlTypeName(id);
    if (name.empty()) Damaged(fmt::format("has the unknown element type {}", id));
    std::vector<std::string_view> readable;
    for (int i = 0; i < kNumDTypes; ++i) readable.push_back(Info(static_cast<DType>(i)).name);
    Fail(ErrorCode::kUnsupported,
         "{}: {} has element type {} ({}), which Retort does not decode; use a file with {}",
         reader_.source(), field_, name, id, fmt::join(readable, ", "));
  }

  ByteReader& reader_;
  const uint64_t alignment_;
  std::unordered_set<std::string_view> names_;
  std::string field_;  // what is being read, for messages
};

}  // namespace

std::vector<NamedTensor> ReadGgufTensors(ByteReader& reader, uint64_t count, uint64_t alignment,
                                         std::span<const std::byte> file) {
  TensorReader tensor_reader(reader, alignment);
  std::vector<GgufTensorInfo> infos;
  infos.reserve(count);
  for (uint64_t i = 0; i < count; ++i) infos.push_back(tensor_reader.ReadInfo(i));
  const uint64_t data_start = tensor_reader.DataStart();
  tensor_reader.CheckPlaces(infos, data_start);
  tensor_reader.CheckOverlap(infos);

  std::vector<NamedTensor> tensors;
  tensors.reserve(infos.size());
  for (const GgufTensorInfo& info : infos) {
    const std::byte* data = file.data() + data_start + info.offset;
    tensors.push_back({std::string(info.name), {data, info.dtype, info.shape}});
  }
  return tensors;
}

}  // namespace retort

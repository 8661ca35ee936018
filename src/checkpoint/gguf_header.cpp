#include "checkpoint/gguf_header.h"

#include <limits>
#include <type_traits>
#include <utility>
#include <variant>

namespace retort {
namespace {

uint64_t RoundUp(uint64_t value, uint64_t to) { return (value + to - 1) / to * to; }

template <typename To>
bool AllFit(const std::vector<int64_t>& values) {
  for (int64_t value : values) {
    if (!std::in_range<To>(value)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::byte> GgufHeader::Encode(std::string_view text) {
  std::vector<std::byte> bytes = Encode(static_cast<uint64_t>(text.size()));
  Append(bytes, std::as_bytes(std::span(text)));
  return bytes;
}

void GgufHeader::Append(std::vector<std::byte>& to, std::span<const std::byte> from) {
  if (from.empty()) return;
  const size_t start = to.size();
  to.resize(start + from.size());
  std::memcpy(to.data() + start, from.data(), from.size());
}

void GgufHeader::Add(std::string_view key, std::string_view value) {
  AddRaw(key, TypeNumber<std::string>(), Encode(value));
}

void GgufHeader::AddValue(std::string_view key, const MetadataValue& value) {
  std::visit(
      [&](const auto& typed) {
        using T = std::decay_t<decltype(typed)>;
        if constexpr (std::same_as<T, int64_t>) {
          std::in_range<uint32_t>(typed) ? Add(key, static_cast<uint32_t>(typed)) : Add(key, typed);
        } else if constexpr (std::same_as<T, double>) {
          Add(key, static_cast<float>(typed));
        } else if constexpr (std::same_as<T, std::vector<int64_t>>) {
          if (!AllFit<int32_t>(typed)) return Add(key, typed);
          Add(key, std::vector<int32_t>(typed.begin(), typed.end()));
        } else if constexpr (std::same_as<T, std::vector<double>>) {
          Add(key, std::vector<float>(typed.begin(), typed.end()));
        } else {
          Add(key, typed);
        }
      },
      value);
}

void GgufHeader::AddRaw(std::string_view key, uint32_t type, std::span<const std::byte> payload) {
  Append(metadata_, Encode(key));
  Append(metadata_, Encode(type));
  Append(metadata_, payload);
  ++num_keys_;
}

uint64_t GgufHeader::AddTensor(std::string_view name, DType dtype, const Shape& shape) {
  std::vector<uint64_t> dims;
  for (int i = shape.rank(); i-- > 0;) dims.push_back(static_cast<uint64_t>(shape[i]));
  const uint64_t offset = RoundUp(data_bytes_, alignment_);
  AddRawTensor(name, dims, Info(dtype).ggml_id, offset);
  data_bytes_ = offset + RowBytes(dtype, static_cast<size_t>(shape.back())) *
                             static_cast<uint64_t>(shape.rows());
  return offset;
}

void GgufHeader::AddRawTensor(std::string_view name, const std::vector<uint64_t>& dims,
                              uint32_t ggml_type, uint64_t offset) {
  Append(infos_, Encode(name));
  Append(infos_, Encode(static_cast<uint32_t>(dims.size())));
  for (uint64_t dim : dims) Append(infos_, Encode(dim));
  Append(infos_, Encode(ggml_type));
  Append(infos_, Encode(offset));
  ++num_tensors_;
}

std::vector<std::byte> GgufHeader::Bytes() const {
  std::vector<std::byte> bytes;
  Append(bytes, std::as_bytes(std::span("GGUF", 4)));
  Append(bytes, Encode(version_));
  Append(bytes, Encode(num_tensors_));
  Append(bytes, Encode(num_keys_));
  Append(bytes, metadata_);
  Append(bytes, infos_);
  if (num_tensors_ > 0) bytes.resize(RoundUp(bytes.size(), alignment_));
  return bytes;
}

}  // namespace retort

#include "tests/support/gguf_writer.h"

#include <fstream>
#include <utility>

#include "base/error.h"
#include "quant/codec.h"

namespace retort {
namespace {

void PadTo(std::vector<std::byte>& bytes, uint64_t alignment) {
  while (bytes.size() % alignment != 0) bytes.push_back(std::byte{0});
}

}  // namespace

std::vector<std::byte> GgufWriter::Encode(std::string_view text) {
  std::vector<std::byte> bytes = Encode(static_cast<uint64_t>(text.size()));
  Append(bytes, std::as_bytes(std::span(text)));
  return bytes;
}

void GgufWriter::Append(std::vector<std::byte>& to, std::span<const std::byte> from) {
  if (from.empty()) return;
  const size_t start = to.size();
  to.resize(start + from.size());
  std::memcpy(to.data() + start, from.data(), from.size());
}

void GgufWriter::Add(std::string_view key, std::string_view value) {
  AddRaw(key, TypeNumber<std::string>(), Encode(value));
}

void GgufWriter::AddRaw(std::string_view key, uint32_t type, std::span<const std::byte> payload) {
  Append(metadata_, Encode(key));
  Append(metadata_, Encode(type));
  Append(metadata_, payload);
  ++num_keys_;
}

void GgufWriter::AddTensor(std::string_view name, DType dtype, const Shape& shape,
                           std::span<const std::byte> data) {
  std::vector<uint64_t> dims;
  for (int i = shape.rank(); i-- > 0;) dims.push_back(static_cast<uint64_t>(shape[i]));
  PadTo(data_, alignment_);
  AddRawTensor(name, dims, Info(dtype).ggml_id, data_.size());
  Append(data_, data);
}

void GgufWriter::AddTensor(std::string_view name, DType dtype, const Shape& shape,
                           std::span<const float> values) {
  RETORT_CHECK(std::cmp_equal(values.size(), shape.size()));
  const auto columns = static_cast<size_t>(shape.back());
  std::vector<std::byte> row(RowBytes(dtype, columns));
  std::vector<std::byte> data;
  for (size_t start = 0; start < values.size(); start += columns) {
    QuantizeRow(dtype, values.data() + start, shape.back(), row.data());
    Append(data, row);
  }
  AddTensor(name, dtype, shape, data);
}

void GgufWriter::AddRawTensor(std::string_view name, const std::vector<uint64_t>& dims,
                              uint32_t ggml_type, uint64_t offset) {
  Append(infos_, Encode(name));
  Append(infos_, Encode(static_cast<uint32_t>(dims.size())));
  for (uint64_t dim : dims) Append(infos_, Encode(dim));
  Append(infos_, Encode(ggml_type));
  Append(infos_, Encode(offset));
  ++num_tensors_;
}

std::vector<std::byte> GgufWriter::Bytes() const {
  std::vector<std::byte> bytes;
  Append(bytes, std::as_bytes(std::span("GGUF", 4)));
  Append(bytes, Encode(version_));
  Append(bytes, Encode(num_tensors_));
  Append(bytes, Encode(num_keys_));
  Append(bytes, metadata_);
  Append(bytes, infos_);
  if (num_tensors_ > 0) PadTo(bytes, alignment_);
  Append(bytes, data_);
  return bytes;
}

void GgufWriter::Write(const std::string& path) const {
  const std::vector<std::byte> bytes = Bytes();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  RETORT_CHECK(file.good());
}

}  // namespace retort

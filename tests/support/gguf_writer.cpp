#include "tests/support/gguf_writer.h"

#include <fstream>
#include <utility>

#include "base/error.h"
#include "quant/codec.h"

namespace retort {

void GgufWriter::AddTensor(std::string_view name, DType dtype, const Shape& shape,
                           std::span<const std::byte> data) {
  data_.resize(GgufHeader::AddTensor(name, dtype, shape));
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

std::vector<std::byte> GgufWriter::Bytes() const {
  std::vector<std::byte> bytes = GgufHeader::Bytes();
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

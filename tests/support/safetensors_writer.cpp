#include "tests/support/safetensors_writer.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>

#include "base/error.h"
#include "quant/codec.h"

namespace retort {

void WriteFile(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  RETORT_CHECK(file.good());
}

std::string SafetensorsFile(std::string_view header, std::string_view data) {
  const auto length = static_cast<uint64_t>(header.size());
  std::string file(reinterpret_cast<const char*>(&length), sizeof length);
  return file.append(header).append(data);
}

void SafetensorsWriter::Add(std::string_view name, DType dtype, const Shape& shape,
                            std::span<const float> values) {
  RETORT_CHECK(std::ssize(values) == shape.size());
  std::string encoded(RowBytes(dtype, values.size()), '\0');
  QuantizeRow(dtype, values.data(), shape.size(), reinterpret_cast<std::byte*>(encoded.data()));
  header_ += fmt::format(R"({}"{}":{{"dtype":"{}","shape":{},"data_offsets":[{},{}]}})",
                         header_.empty() ? "" : ",", name, Info(dtype).name, shape.ToString(),
                         data_.size(), data_.size() + encoded.size());
  data_ += encoded;
}

std::string SafetensorsWriter::File() const {
  std::string header = "{" + header_ + "}";
  header.append(7 - (header.size() + 7) % 8, ' ');  // data at a multiple of 8
  return SafetensorsFile(header, data_);
}

}  // namespace retort

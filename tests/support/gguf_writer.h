// Writes small GGUF files for tests: well-formed ones with typed metadata and tensors, and liars.
//
//   GgufWriter writer;
//   writer.Add("general.architecture", "llama");        // and all else that GgufHeader can
//   writer.AddTensor("output_norm.weight", DType::kF32, Shape{64}, values);  // floats, encoded
//   writer.Write(path);                                 // or Bytes() for ParseGguf
//
// Nothing is checked: that is the reader's job. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/gguf_header.h"

namespace retort {

class GgufWriter : public GgufHeader {
 public:
  using GgufHeader::GgufHeader;

  // Encoded rows; `shape` is outermost first.
  void AddTensor(std::string_view name, DType dtype, const Shape& shape,
                 std::span<const std::byte> data);
  // Floats, encoded with QuantizeRow.
  void AddTensor(std::string_view name, DType dtype, const Shape& shape,
                 std::span<const float> values);

  std::vector<std::byte> Bytes() const;
  void Write(const std::string& path) const;

 private:
  std::vector<std::byte> data_;
};

}  // namespace retort

// Writes small safetensors files for tests: well-formed ones, and any header before any data.
//
//   SafetensorsWriter writer;
//   writer.Add("model.norm.weight", DType::kBF16, Shape{64}, values);   // floats, encoded
//   writer.Write(dir.File("model.safetensors"));
//   std::string liar = SafetensorsFile(R"({"a": 1})", std::string(16, '\0'));
//
// Nothing is checked: that is the reader's job. Not thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace retort {

void WriteFile(const std::string& path, std::string_view text);

// The length of the header, the header, the data.
std::string SafetensorsFile(std::string_view header, std::string_view data);

class SafetensorsWriter {
 public:
  void Add(std::string_view name, DType dtype, const Shape& shape, std::span<const float> values);

  std::string File() const;
  void Write(const std::string& path) const { WriteFile(path, File()); }

 private:
  std::string header_, data_;
};

}  // namespace retort

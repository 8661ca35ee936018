// Writes small GGUF files for tests: well-formed ones with typed metadata and tensors, and liars.
//
//   GgufWriter writer;
//   writer.Add("general.architecture", "llama");
//   writer.Add("llama.block_count", uint32_t{2});
//   writer.Add("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b"});
//   writer.AddTensor("output_norm.weight", DType::kF32, Shape{64}, values);  // floats, encoded
//   writer.Write(path);                                 // or Bytes() for ParseGguf
//
// The type of a C++ value chooses the value type in the file. Nothing is checked: that is the
// reader's job. Not thread-safe.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace retort {

class GgufWriter {
 public:
  // Tensor data is aligned to `alignment`, which is stated in the file only by Add(...).
  explicit GgufWriter(uint32_t version = 3, uint64_t alignment = 32)
      : version_(version), alignment_(alignment) {}

  template <typename T>
  requires std::is_arithmetic_v<T>
  void Add(std::string_view key, T value) { AddRaw(key, TypeNumber<T>(), Encode(value)); }
  void Add(std::string_view key, std::string_view value);
  void Add(std::string_view key, const char* value) { Add(key, std::string_view(value)); }
  template <typename T>
  void Add(std::string_view key, const std::vector<T>& values) {
    std::vector<std::byte> payload = Encode(TypeNumber<T>());
    Append(payload, Encode(static_cast<uint64_t>(values.size())));
    for (const T& value : values) Append(payload, Encode(value));
    AddRaw(key, kArrayType, payload);
  }
  // Any value type number with any payload.
  void AddRaw(std::string_view key, uint32_t type, std::span<const std::byte> payload);

  // Encoded rows; `shape` is outermost first.
  void AddTensor(std::string_view name, DType dtype, const Shape& shape,
                 std::span<const std::byte> data);
  // Floats, encoded with QuantizeRow.
  void AddTensor(std::string_view name, DType dtype, const Shape& shape,
                 std::span<const float> values);
  // A description alone, as it stands in the file: dimensions innermost first, any type number and
  // offset, no data.
  void AddRawTensor(std::string_view name, const std::vector<uint64_t>& dims, uint32_t ggml_type,
                    uint64_t offset);

  std::vector<std::byte> Bytes() const;
  void Write(const std::string& path) const;

  static std::vector<std::byte> Encode(std::string_view text);
  template <typename T>
  requires std::is_arithmetic_v<T>
  static std::vector<std::byte> Encode(T value) {
    std::vector<std::byte> bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
  }
  static void Append(std::vector<std::byte>& to, std::span<const std::byte> from);

 private:
  static constexpr uint32_t kArrayType = 9;

  template <typename T>
  static constexpr uint32_t TypeNumber() {
    if constexpr (std::same_as<T, uint8_t>) return 0;
    if constexpr (std::same_as<T, int8_t>) return 1;
    if constexpr (std::same_as<T, uint16_t>) return 2;
    if constexpr (std::same_as<T, int16_t>) return 3;
    if constexpr (std::same_as<T, uint32_t>) return 4;
    if constexpr (std::same_as<T, int32_t>) return 5;
    if constexpr (std::same_as<T, float>) return 6;
    if constexpr (std::same_as<T, bool>) return 7;
    if constexpr (std::same_as<T, std::string>) return 8;
    if constexpr (std::same_as<T, uint64_t>) return 10;
    if constexpr (std::same_as<T, int64_t>) return 11;
    if constexpr (std::same_as<T, double>) return 12;
  }

  uint32_t version_;
  uint64_t alignment_;
  uint64_t num_keys_ = 0;
  uint64_t num_tensors_ = 0;
  std::vector<std::byte> metadata_, infos_, data_;
};

}  // namespace retort

// The front of a GGUF file, for those who write one: metadata and tensor descriptions, encoded as
// they are added. The tensors' data follows in the same order.
//
//   GgufHeader header;
//   header.Add("general.architecture", "llama");
//   header.Add("llama.block_count", uint32_t{2});
//   header.Add("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b"});
//   uint64_t offset = header.AddTensor("output_norm.weight", DType::kF32, Shape{64});
//   std::vector<std::byte> front = header.Bytes();  // the data begins right after, at offset 0
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

#include "checkpoint/checkpoint.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace retort {

class GgufHeader {
 public:
  // Tensor data is aligned to `alignment`, which is stated in the file only by Add(...).
  explicit GgufHeader(uint32_t version = 3, uint64_t alignment = 32)
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
    AddRaw(key, TypeNumber<std::vector<T>>(), payload);
  }
  // A value as a reader holds it, in the type that writers of GGUF files give it: u32 where it fits
  // (arrays: i32), f32, bool, strings.
  void AddValue(std::string_view key, const MetadataValue& value);
  // Any value type number with any payload.
  void AddRaw(std::string_view key, uint32_t type, std::span<const std::byte> payload);

  // Describes the next tensor, `shape` outermost first, and returns the offset of its data.
  uint64_t AddTensor(std::string_view name, DType dtype, const Shape& shape);
  // A description as it stands in the file: dimensions innermost first, any type number and offset.
  void AddRawTensor(std::string_view name, const std::vector<uint64_t>& dims, uint32_t ggml_type,
                    uint64_t offset);

  // Of all tensors that AddTensor described.
  uint64_t data_bytes() const { return data_bytes_; }
  // Padded to where the data begins.
  std::vector<std::byte> Bytes() const;

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
  // Those of GGUF's value types, by their numbers.
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
    return 9;  // an array
  }

  uint32_t version_;
  uint64_t alignment_;
  uint64_t num_keys_ = 0;
  uint64_t num_tensors_ = 0;
  uint64_t data_bytes_ = 0;
  std::vector<std::byte> metadata_, infos_;
};

}  // namespace retort

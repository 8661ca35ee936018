// A cursor over the bytes of a file that nobody trusts: every read is bounded, and one beyond the
// end fails naming the file, what was being read and how much is missing.
//
//   ByteReader reader(bytes, "model.gguf");
//   auto version = reader.Read<uint32_t>("version");
//
// Little endian. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace retort {

class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string source)
      : bytes_(bytes), source_(std::move(source)) {}

  const std::string& source() const { return source_; }
  uint64_t position() const { return position_; }
  uint64_t size() const { return bytes_.size(); }
  uint64_t remaining() const { return bytes_.size() - position_; }

  // `field` names what is read, for the error message.
  template <typename T>
  T Read(std::string_view field) {
    T value;
    std::memcpy(&value, Take(sizeof(T), field), sizeof(T));
    return value;
  }

  // A 64-bit length and as many bytes; kCorrupt if there are more than `max_bytes`.
  std::string_view ReadString(std::string_view field, uint64_t max_bytes = UINT64_MAX);

  // A 64-bit count of records that take at least `min_record_bytes` each; kCorrupt if the rest of
  // the file cannot hold them, or if there are more than `max_count`.
  uint64_t ReadCount(std::string_view field, uint64_t min_record_bytes, uint64_t max_count);

 private:
  const std::byte* Take(uint64_t count, std::string_view field);

  std::span<const std::byte> bytes_;
  std::string source_;
  uint64_t position_ = 0;
};

}  // namespace retort

#include "checkpoint/byte_reader.h"

#include <bit>

#include "base/error.h"

namespace retort {

static_assert(std::endian::native == std::endian::little, "files are read in place");

const std::byte* ByteReader::Take(uint64_t count, std::string_view field) {
  if (count > remaining()) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} at byte {} needs {} bytes, but the file ends after {}; it is incomplete or "
         "damaged, download it again",
         source_, field, position_, count, remaining());
  }
  const std::byte* data = bytes_.data() + position_;
  position_ += count;
  return data;
}

std::string_view ByteReader::ReadString(std::string_view field, uint64_t max_bytes) {
  const auto length = Read<uint64_t>(field);
  if (length > max_bytes) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} is {} bytes long, at most {} are allowed; the file is damaged, download it again",
         source_, field, length, max_bytes);
  }
  return {reinterpret_cast<const char*>(Take(length, field)), length};
}

uint64_t ByteReader::ReadCount(std::string_view field, uint64_t min_record_bytes,
                               uint64_t max_count) {
  const auto count = Read<uint64_t>(field);
  if (count > remaining() / min_record_bytes) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} is {}, but the remaining {} bytes hold at most {}; the file is incomplete or "
         "damaged, download it again",
         source_, field, count, remaining(), remaining() / min_record_bytes);
  }
  if (count > max_count) {
    Fail(ErrorCode::kUnsupported, "{}: {} is {}, Retort reads at most {}; convert the model again",
         source_, field, count, max_count);
  }
  return count;
}

}  // namespace retort

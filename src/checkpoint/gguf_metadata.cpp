#include <fmt/core.h>

#include <limits>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/gguf_reader.h"

namespace retort {
namespace {

constexpr uint64_t kMaxKeyBytes = 64 * 1024;

// The numbers of the value types, frozen by the format.
enum class ValueType : uint32_t {
  kUint8 = 0,
  kInt8 = 1,
  kUint16 = 2,
  kInt16 = 3,
  kUint32 = 4,
  kInt32 = 5,
  kFloat32 = 6,
  kBool = 7,
  kString = 8,
  kArray = 9,
  kUint64 = 10,
  kInt64 = 11,
  kFloat64 = 12,
};

class MetadataReader {
 public:
  explicit MetadataReader(ByteReader& reader) : reader_(reader) {}

  Metadata Read(uint64_t count) {
    std::map<std::string, MetadataValue, std::less<>> values;
    for (uint64_t i = 0; i < count; ++i) {
      std::string key(reader_.ReadString(fmt::format("metadata key {}", i), kMaxKeyBytes));
      field_ = fmt::format("metadata {}", Quoted(key));
      if (key.empty()) Damaged("has no name");
      const auto type = reader_.Read<ValueType>(field_);
      if (key == kAlignmentKey && type != ValueType::kUint32) Damaged("is not an unsigned 32-bit");
      MetadataValue value = type == ValueType::kArray ? ReadArray() : ReadScalar(type);
      if (!values.emplace(std::move(key), std::move(value)).second) Damaged("appears twice");
    }
    return Metadata(reader_.source(), std::move(values));
  }

 private:
  [[noreturn]] void Damaged(const std::string& what) const {
    Fail(ErrorCode::kCorrupt, "{}: {} {}; the file is damaged, download or convert it again",
         reader_.source(), field_, what);
  }

  [[noreturn]] void UnknownType(ValueType type) const {
    Damaged(fmt::format("has the unknown value type {}", static_cast<uint32_t>(type)));
  }

  MetadataValue ReadScalar(ValueType type) {
    switch (type) {
      case ValueType::kBool:
        return ReadBool();
      case ValueType::kString:
        return std::string(reader_.ReadString(field_));
      case ValueType::kFloat32:
      case ValueType::kFloat64:
        return ReadDouble(type);
      default:
        return ReadInt(type);
    }
  }

  MetadataValue ReadArray() {
    const auto type = reader_.Read<ValueType>(field_);
    const uint64_t count =
        reader_.ReadCount(field_ + ", its length,", ElementBytes(type), kMaxArrayElements);
    array_elements_ += count;
    if (array_elements_ > kMaxArrayElements) {
      Fail(ErrorCode::kUnsupported,
           "{}: {} brings the array elements of all metadata to {}, Retort reads at most {}; "
           "convert the model again",
           reader_.source(), field_, array_elements_, kMaxArrayElements);
    }
    switch (type) {
      case ValueType::kBool:
        return ReadElements<bool>(count, [&] { return ReadBool(); });
      case ValueType::kString:
        return ReadElements<std::string>(count,
                                         [&] { return std::string(reader_.ReadString(field_)); });
      case ValueType::kFloat32:
      case ValueType::kFloat64:
        return ReadElements<double>(count, [&] { return ReadDouble(type); });
      default:
        return ReadElements<int64_t>(count, [&] { return ReadInt(type); });
    }
  }

  template <typename T, typename ReadOne>
  std::vector<T> ReadElements(uint64_t count, ReadOne read_one) {
    std::vector<T> elements;
    elements.reserve(count);
    for (uint64_t i = 0; i < count; ++i) elements.push_back(read_one());
    return elements;
  }

  // Smallest size of an array's element in the file.
  uint64_t ElementBytes(ValueType type) const {
    switch (type) {
      case ValueType::kUint8:
      case ValueType::kInt8:
      case ValueType::kBool:
        return 1;
      case ValueType::kUint16:
      case ValueType::kInt16:
        return 2;
      case ValueType::kUint32:
      case ValueType::kInt32:
      case ValueType::kFloat32:
        return 4;
      case ValueType::kUint64:
      case ValueType::kInt64:
      case ValueType::kFloat64:
      case ValueType::kString:
        return 8;
      case ValueType::kArray:
        Damaged("is an array of arrays, which Retort does not read");
    }
    UnknownType(type);
  }

  bool ReadBool() {
    const auto byte = reader_.Read<uint8_t>(field_);
    if (byte > 1) Damaged(fmt::format("holds a truth value of {}, not 0 or 1", byte));
    return byte == 1;
  }

  double ReadDouble(ValueType type) {
    if (type == ValueType::kFloat64) return reader_.Read<double>(field_);
    return static_cast<double>(reader_.Read<float>(field_));
  }

  int64_t ReadInt(ValueType type) {
    switch (type) {
      case ValueType::kUint8:
        return reader_.Read<uint8_t>(field_);
      case ValueType::kInt8:
        return reader_.Read<int8_t>(field_);
      case ValueType::kUint16:
        return reader_.Read<uint16_t>(field_);
      case ValueType::kInt16:
        return reader_.Read<int16_t>(field_);
      case ValueType::kUint32:
        return reader_.Read<uint32_t>(field_);
      case ValueType::kInt32:
        return reader_.Read<int32_t>(field_);
      case ValueType::kInt64:
        return reader_.Read<int64_t>(field_);
      case ValueType::kUint64: {
        const auto value = reader_.Read<uint64_t>(field_);
        if (!std::in_range<int64_t>(value)) {
          Damaged(fmt::format("is {}, beyond {}", value, std::numeric_limits<int64_t>::max()));
        }
        return static_cast<int64_t>(value);
      }
      default:
        UnknownType(type);
    }
  }

  ByteReader& reader_;
  std::string field_;  // what is being read, for messages
  uint64_t array_elements_ = 0;
};

}  // namespace

Metadata ReadGgufMetadata(ByteReader& reader, uint64_t count) {
  return MetadataReader(reader).Read(count);
}

}  // namespace retort

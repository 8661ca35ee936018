#include "checkpoint/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/download_check.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct ElementType {
  std::string_view name;
  uint64_t bits;
};

// All that the format knows, so that sizes are checked before a type is refused.
constexpr std::array<ElementType, 22> kElementTypes = {
    {{"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
     {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
     {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
     {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
     {"I64", 64},        {"U64", 64}}};

struct SafetensorsTensorInfo {
  std::string name;
  std::string_view type;
  std::vector<uint64_t> dims;
  uint64_t begin = 0, end = 0;  // in the data
};

class HeaderReader {
 public:
  HeaderReader(std::span<const std::byte> bytes, const std::string& source) : source_(source) {
    ByteReader reader(bytes, source);
    // Any text would be a header of more than 2^56 bytes.
    if (ByteReader(bytes, source).Read<uint64_t>("the header's length") > kMaxSafetensorsHeader) {
      CheckDownload({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, source);
    }
    const std::string_view text = reader.ReadString("the header", kMaxSafetensorsHeader);
    data_ = bytes.subspan(reader.position());
    data_start_ = reader.position();
    if (!text.starts_with('{')) Damaged("the header", "does not begin with {");
    header_ = ReadJson(text, source);
  }

  std::vector<SafetensorsTensorInfo> ReadInfos() const {
    std::vector<SafetensorsTensorInfo> infos;
    for (const auto& [name, json] : header_.items()) {
      if (name == "__metadata__") {
        CheckNotes(json);
      } else {
        infos.push_back(ReadInfo(name, json));
      }
    }
    std::sort(infos.begin(), infos.end(),
              [](const SafetensorsTensorInfo& a, const SafetensorsTensorInfo& b) {
                return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
              });
    CheckNoGaps(infos);
    return infos;
  }

  NamedTensor View(const SafetensorsTensorInfo& info) const {
    const std::optional<DType> dtype = DTypeFromName(info.type);
    if (!dtype) {
      Fail(ErrorCode::kUnsupported,
           "{}: tensor {} has element type {}, which Retort does not decode; use a folder with "
           "F32, F16 or BF16, or a GGUF file",
           source_, Quoted(info.name), info.type);
    }
    if (info.dims.size() > Shape::kMaxRank) {
      Fail(ErrorCode::kUnsupported, "{}: tensor {} has {} dimensions, Retort reads at most {}",
           source_, Quoted(info.name), info.dims.size(), Shape::kMaxRank);
    }
    const uint64_t position = data_start_ + info.begin;
    const uint64_t needed = Info(*dtype).bytes;
    if (position % needed != 0) {
      Fail(ErrorCode::kUnsupported,
           "{}: tensor {} starts at byte {}, but {} data must start at a multiple of {}; write the "
           "file again with safetensors' save_file",
           source_, Quoted(info.name), position, info.type, needed);
    }
    Shape shape;
    for (const uint64_t dim : info.dims) shape.Append(static_cast<int64_t>(dim));
    return {info.name, {data_.data() + info.begin, *dtype, shape}};
  }

 private:
  [[noreturn]] void Damaged(std::string_view thing, const std::string& what) const {
    Fail(ErrorCode::kCorrupt, "{}: {} {}; the file is damaged, download it again", source_, thing,
         what);
  }
  [[noreturn]] void DamagedTensor(const std::string& name, const std::string& what) const {
    Damaged("tensor " + Quoted(name), what);
  }

  void CheckNotes(const Json& notes) const {
    const bool fine = notes.is_object() &&
                      std::ranges::all_of(notes, [](const Json& note) { return note.is_string(); });
    if (!fine) Damaged("__metadata__", "is not an object of strings");
  }

  SafetensorsTensorInfo ReadInfo(const std::string& name, const Json& json) const {
    if (!json.is_object() || json.size() != 3 || !json.contains("dtype") ||
        !json.contains("shape") || !json.contains("data_offsets")) {
      DamagedTensor(name, "does not have exactly dtype, shape and data_offsets");
    }
    const Json& dtype = json["dtype"];
    const auto* type =
        std::find_if(kElementTypes.begin(), kElementTypes.end(), [&](const auto& row) {
          return dtype.is_string() && row.name == dtype.get_ref<const std::string&>();
        });
    if (type == kElementTypes.end()) {
      DamagedTensor(name, fmt::format("has the unknown element type {}",
                                      dtype.is_string() ? Quoted(dtype.get<std::string>()) : "?"));
    }
    SafetensorsTensorInfo info{
        .name = name, .type = type->name, .dims = Numbers(name, json, "shape")};
    const std::vector<uint64_t> offsets = Numbers(name, json, "data_offsets");
    if (offsets.size() != 2) DamagedTensor(name, "does not have two data_offsets");
    info.begin = offsets[0];
    info.end = offsets[1];
    CheckPlace(info, type->bits);
    return info;
  }

  std::vector<uint64_t> Numbers(const std::string& name, const Json& json, const char* key) const {
    const Json& array = json[key];
    const bool fine = array.is_array() && std::ranges::all_of(array, [](const Json& number) {
                        return number.is_number_unsigned();
                      });
    if (!fine) DamagedTensor(name, fmt::format("has {} that are not numbers from 0 up", key));
    return array.get<std::vector<uint64_t>>();
  }

  void CheckPlace(const SafetensorsTensorInfo& info, uint64_t bits) const {
    if (info.begin > info.end || info.end > data_.size()) {
      DamagedTensor(info.name, fmt::format("lies from {} to {} of {} bytes of data", info.begin,
                                           info.end, data_.size()));
    }
    uint64_t total = bits;
    bool fits = true;
    for (const uint64_t dim : info.dims) fits &= !__builtin_mul_overflow(total, dim, &total);
    if (!fits || total % 8 != 0 || total / 8 != info.end - info.begin) {
      DamagedTensor(info.name,
                    fmt::format("of type {} and shape [{}] does not fill its {} bytes", info.type,
                                fmt::join(info.dims, ", "), info.end - info.begin));
    }
  }

  void CheckNoGaps(const std::vector<SafetensorsTensorInfo>& infos) const {
    uint64_t end = 0;
    for (const SafetensorsTensorInfo& info : infos) {
      if (info.begin != end) {
        DamagedTensor(info.name, fmt::format("starts at offset {} of the data, {} {}", info.begin,
                                             info.begin < end ? "inside the tensor that ends at"
                                                              : "but the one before ends at",
                                             end));
      }
      end = info.end;
    }
    if (end != data_.size()) {
      Damaged("the data", fmt::format("has {} bytes, the tensors take {}", data_.size(), end));
    }
  }

  const std::string& source_;
  std::span<const std::byte> data_;
  uint64_t data_start_ = 0;
  Json header_;
};

// A plain name: nothing that leads out of the folder.
bool IsFileName(std::string_view name) {
  return name.ends_with(".safetensors") && !name.starts_with('.') &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string_view::npos;
}

}  // namespace

std::vector<NamedTensor> ParseSafetensors(std::span<const std::byte> bytes,
                                          const std::string& source) {
  const HeaderReader header(bytes, source);
  std::vector<NamedTensor> tensors;
  for (const SafetensorsTensorInfo& info : header.ReadInfos()) {
    if (info.begin < info.end) tensors.push_back(header.View(info));
  }
  return tensors;
}

std::map<std::string, std::string> ParseSafetensorsIndex(std::string_view text,
                                                         const std::string& source) {
  const Json index = ReadJson(text, source);
  const auto map = index.is_object() ? index.find("weight_map") : index.end();
  if (map == index.end() || !map->is_object() || map->empty()) {
    Fail(ErrorCode::kCorrupt, "{}: weight_map is missing or no object; download the file again",
         source);
  }
  std::map<std::string, std::string> files;
  for (const auto& [tensor, file] : map->items()) {
    if (!file.is_string() || !IsFileName(file.get_ref<const std::string&>())) {
      Fail(
          ErrorCode::kCorrupt,
          "{}: weight_map names {} for tensor {}, not a .safetensors file of this folder; download "
          "the file again",
          source, file.is_string() ? Quoted(file.get<std::string>()) : file.type_name(),
          Quoted(tensor));
    }
    files.emplace(tensor, file.get<std::string>());
  }
  return files;
}

}  // namespace retort

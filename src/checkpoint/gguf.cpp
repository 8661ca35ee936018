#include "checkpoint/gguf.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/byte_reader.h"
#include "checkpoint/download_check.h"
#include "checkpoint/gguf_reader.h"

namespace retort {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr int64_t kDefaultAlignment = 32;
constexpr int64_t kMaxAlignment = 1 << 16;

struct Lookalike {
  std::string_view start;
  std::string_view remedy;
};

// What people have in hand when it is not a GGUF file.
constexpr std::array<Lookalike, 5> kLookalikes = {{
    {"PK\x03\x04", "it is a zip or PyTorch archive: convert it to GGUF"},
    {"tjgg", "it is in llama.cpp's format before GGUF: convert the model again"},
    {"fmgg", "it is in llama.cpp's format before GGUF: convert the model again"},
    {"lmgg", "it is in llama.cpp's format before GGUF: convert the model again"},
    {"FUGG", "it is big-endian: convert it with gguf_convert_endian.py"},
}};

void CheckMagic(std::span<const std::byte> bytes, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()),
                              std::min<size_t>(bytes.size(), 32));
  if (text.starts_with(kMagic)) return;
  if (kMagic.starts_with(text)) {
    Fail(ErrorCode::kCorrupt, "{}: the file has only {} bytes; download it again", source,
         bytes.size());
  }
  CheckDownload(text, source);
  const auto* hint = std::find_if(kLookalikes.begin(), kLookalikes.end(),
                                  [&](const auto& row) { return text.starts_with(row.start); });
  Fail(ErrorCode::kUnsupported, "{}: not a GGUF file, it starts with {}; {}", source,
       Quoted(text.substr(0, 4)),
       hint != kLookalikes.end() ? hint->remedy : "name a model file in GGUF format");
}

void CheckVersion(uint32_t version, const std::string& source) {
  if (version == 2 || version == 3) return;
  if ((version & 0xFFFF) == 0 && version != 0) {
    Fail(ErrorCode::kUnsupported,
         "{}: version {:#010x} has its bytes swapped, the file is big-endian; convert it with "
         "gguf_convert_endian.py",
         source, version);
  }
  if (version == 1) {
    Fail(ErrorCode::kUnsupported,
         "{}: GGUF version 1 is not read, only 2 and 3; convert the model again with a current "
         "convert_hf_to_gguf.py",
         source);
  }
  Fail(ErrorCode::kUnsupported,
       "{}: GGUF version {} is unknown, only 2 and 3 are read; the file is damaged or newer than "
       "this program: download it again or update Retort",
       source, version);
}

uint64_t Alignment(const Metadata& metadata) {
  const int64_t alignment = metadata.FindInt(kAlignmentKey).value_or(kDefaultAlignment);
  if (alignment < 1 || alignment > kMaxAlignment ||
      !std::has_single_bit(static_cast<uint64_t>(alignment))) {
    Fail(ErrorCode::kCorrupt,
         "{}: {} is {}, it must be a power of two up to {}; the file is damaged, download or "
         "convert it again",
         metadata.source(), kAlignmentKey, alignment, kMaxAlignment);
  }
  return static_cast<uint64_t>(alignment);
}

}  // namespace

GgufContents ParseGguf(std::span<const std::byte> bytes, const std::string& source_name) {
  CheckMagic(bytes, source_name);
  ByteReader reader(bytes, source_name);
  reader.Read<uint32_t>("magic");
  GgufContents contents;
  contents.version = reader.Read<uint32_t>("version");
  CheckVersion(contents.version, source_name);
  const uint64_t tensors = reader.ReadCount("tensor count", kMinTensorInfoBytes, kMaxTensors);
  const uint64_t keys = reader.ReadCount("metadata count", kMinMetadataBytes, kMaxMetadataKeys);
  contents.metadata = ReadGgufMetadata(reader, keys);
  contents.tensors = ReadGgufTensors(reader, tensors, Alignment(contents.metadata), bytes);
  return contents;
}

}  // namespace retort

// The two tables of a GGUF file, each read by one function; gguf.cpp puts them together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checkpoint/byte_reader.h"
#include "checkpoint/checkpoint.h"

namespace retort {

// Smallest possible records: a key of one byte, its type and a one-byte value; a name of one byte
// with one dimension, type and offset.
inline constexpr uint64_t kMinMetadataBytes = 8 + 1 + 4 + 1;
inline constexpr uint64_t kMinTensorInfoBytes = 8 + 1 + 4 + 8 + 4 + 8;

// Far beyond any real model; they bound the memory that a large hostile file can claim.
inline constexpr uint64_t kMaxMetadataKeys = 1 << 16;
inline constexpr uint64_t kMaxTensors = 1 << 20;
inline constexpr uint64_t kMaxArrayElements = 1 << 24;  // of all arrays together

inline constexpr std::string_view kAlignmentKey = "general.alignment";

// Reads `count` keys with their values. Keys are unique, arrays flat.
Metadata ReadGgufMetadata(ByteReader& reader, uint64_t count);

// Reads `count` tensor descriptions and proves each against the file: names unique, shape and type
// decodable, data aligned, within `file` and without overlap. The data begins at the first multiple
// of `alignment` after the descriptions.
std::vector<NamedTensor> ReadGgufTensors(ByteReader& reader, uint64_t count, uint64_t alignment,
                                         std::span<const std::byte> file);

}  // namespace retort

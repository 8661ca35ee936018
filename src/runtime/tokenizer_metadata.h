// The tokenizer of a file that is made here: that of another file, or a stand-in of single bytes.
//
//   MetadataMap tokenizer = TokenizerMetadataOf("other.gguf");   // or ByteTokenizerMetadata()
//   FitVocabulary(tokenizer, 151936);       // unused tokens up to the size of the embedding
//
// Errors: those of reading the source; kInvalidArgument when it has no tokenizer, or more tokens
// than fit.
// Stateless and thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "checkpoint/checkpoint.h"

namespace retort {

using MetadataMap = std::map<std::string, MetadataValue, std::less<>>;

// `path`: a GGUF file, a folder as Hugging Face lays it out, or one of its files (tokenizer.json,
// tokenizer.json.gz). The usual chat template comes along.
MetadataMap TokenizerMetadataOf(const std::string& path);

// 256 bytes, then the special tokens and the turns of DeepSeek-R1.
MetadataMap ByteTokenizerMetadata();

void FitVocabulary(MetadataMap& tokenizer, int64_t vocab_size);

}  // namespace retort

// What a checkpoint's metadata says about text: vocabulary, merges, special tokens, chat template,
// in the plain structs of the text layer, which knows no file format.
//
//   Tokenizer tokenizer(ReadTokenizerSpec(checkpoint->metadata()));
//
// Errors: kCorrupt naming file, key and value; kUnsupported for tokenizers of another kind.
// Stateless and thread-safe.
#pragma once

#include <map>
#include <string>

#include "checkpoint/checkpoint.h"
#include "text/tokenizer.h"

namespace retort {

TokenizerSpec ReadTokenizerSpec(const Metadata& metadata);

// Templates by name, the usual one as "default"; none if the file has none.
std::map<std::string, std::string> ReadChatTemplates(const Metadata& metadata);

}  // namespace retort

// What a checkpoint's metadata says about text: vocabulary, merges, special tokens, chat template,
// in the plain structs of the text layer, which knows no file format.
//
//   Tokenizer tokenizer(ReadTokenizerSpec(checkpoint->metadata()));
//
// Errors: kCorrupt naming file, key and value; kUnsupported for tokenizers of another kind.
// Stateless and thread-safe.
#pragma once

#include <string>

#include "checkpoint/checkpoint.h"
#include "text/tokenizer.h"

namespace retort {

TokenizerSpec ReadTokenizerSpec(const Metadata& metadata);

// nullptr if the file has none.
const std::string* FindChatTemplateText(const Metadata& metadata);

}  // namespace retort

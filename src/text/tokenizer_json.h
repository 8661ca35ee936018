// Reads a tokenizer.json as Hugging Face's `tokenizers` writes it: byte-level BPE of a family that
// pretokenizer_families.h knows.
//
//   TokenizerSpec spec = ReadTokenizerJson(bytes, "r1/tokenizer.json");
//
// The file does not say which tokens end a turn or fill a batch: eos, pad and stop_ids stay empty.
// bos is what its post-processor puts before a text, if it does.
//
// Errors: kCorrupt for what contradicts the format, kUnsupported naming component and value for
// what it allows and Retort does not do (WordPiece, Unigram, other normalisers, ...). Stateless,
// thread-safe. Source: Hugging Face tokenizers 0.23.
#pragma once

#include <string>
#include <string_view>

#include "text/tokenizer.h"

namespace retort {

TokenizerSpec ReadTokenizerJson(std::string_view bytes, const std::string& source);

}  // namespace retort

// The components of a tokenizer.json around its vocabulary: what happens to a text before and after
// byte-pair merging. Each is checked to be one that Retort computes.
//
//   ReadPipeline(JsonComponent("tokenizer.json", document), &spec);   // nfc, pre, bos, add_bos
//
// `spec` must have its tokens. Errors: kCorrupt, and kUnsupported naming component and value.
// Stateless, thread-safe.
#pragma once

#include "text/json_component.h"
#include "text/tokenizer.h"

namespace retort {

void ReadPipeline(const JsonComponent& file, TokenizerSpec* spec);

}  // namespace retort

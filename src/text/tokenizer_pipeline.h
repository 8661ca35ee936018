// The components of a tokenizer.json around its vocabulary: what happens to a text before and after
// byte-pair merging. Each is checked to be one that Retort computes.
//
//   ReadNormalizer(JsonComponent("tokenizer.json", document), &spec);   // nfc
//   ReadPipeline(JsonComponent("tokenizer.json", document), &spec);     // pre, bos, add_bos
//
// ReadPipeline wants `spec` with its tokens. Errors: kCorrupt, and kUnsupported naming component
// and value. Stateless, thread-safe.
#pragma once

#include "text/json_component.h"
#include "text/tokenizer.h"

namespace retort {

void ReadNormalizer(const JsonComponent& file, TokenizerSpec* spec);
void ReadPipeline(const JsonComponent& file, TokenizerSpec* spec);

}  // namespace retort

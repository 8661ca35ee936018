// Any bytes as a tokenizer.json: it is refused with retort::Error, or it yields a vocabulary that
// encodes and decodes. The patterns that cut text are the family's, not the file's: not made here.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "text/bpe.h"
#include "text/tokenizer_json.h"
#include "text/vocabulary.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const retort::TokenizerSpec spec = retort::ReadTokenizerJson(bytes, "fuzz");
    const retort::Vocabulary vocabulary(spec);
    const retort::Bpe bpe(spec, vocabulary);
    retort::Bpe::Scratch scratch;
    std::vector<int32_t> ids;
    bpe.Encode("abba cabbabc", &scratch, &ids);
    for (const int32_t id : ids) RETORT_CHECK(!vocabulary.Bytes(id).empty());
    for (const int32_t id : spec.normalized_ids) RETORT_CHECK(vocabulary.Contains(id));
    RETORT_CHECK(!spec.add_bos || vocabulary.Contains(spec.bos.value()));
  } catch (const retort::Error&) {
    // A clear refusal is the right answer to most inputs.
  }
  return 0;
}

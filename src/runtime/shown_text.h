// The text that a stream of tokens shows: bytes of the tokens, control tokens and end-of-sequence
// left out, joined to valid UTF-8, cut before the first stop string. The think tags are part of
// the text whatever kind of token a file makes them.
//
//   ShownText text(tokenizer, {"\nUser:"});
//   std::string piece = text.Push(token);   // may be empty: bytes or a possible stop are held back
//   std::string rest = text.Finish();
//
// The engine's thread and the reader of a stream each run one over the same tokens, and so agree on
// where a stop string ends the answer. The tokenizer must outlive it. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "text/stop_matcher.h"
#include "text/tokenizer.h"
#include "text/utf8_stream.h"

namespace retort {

// Whether a token is part of the text: all but control tokens and the ends of a turn, the think
// tags aside.
bool ShowsText(const Tokenizer& tokenizer, int32_t token);

class ShownText {
 public:
  ShownText(const Tokenizer& tokenizer, std::vector<std::string> stops)
      : tokenizer_(tokenizer), stops_(std::move(stops)) {}

  std::string Push(int32_t token);
  std::string Finish();
  bool stopped() const { return stops_.stopped(); }
  const std::string& matched() const { return stops_.matched(); }  // empty if none has come
  // Whether the last token ended with a whole character.
  bool whole() const { return utf8_.whole(); }

 private:
  const Tokenizer& tokenizer_;
  Utf8Stream utf8_;
  StopMatcher stops_;
};

}  // namespace retort

// Tells a text that loops from one that is merely long.
//
//   LooksLooped("... Wait, let me check. Wait, let me check. Wait, ...")   // true
//
// Two signs: the text ends in one stretch repeated over and over, or most of its runs of four words
// (characters, for Chinese) have been there before. Measured on long reasoning traces, exact
// repetition finds about a third of the loops, for most vary a few words; the runs find the rest.
// Stateless and thread-safe; linear in the text, of which the last 200,000 bytes are looked at.
#pragma once

#include <string_view>

namespace retort {

bool LooksLooped(std::string_view text);

// Share of the runs of four words that have occurred before, 0 for fewer than four words.
double RepeatedRunShare(std::string_view text);

// Whether the end of the text is one stretch of at most 500 bytes, four times or more and over at
// least 200 bytes.
bool HasPeriodicTail(std::string_view text);

}  // namespace retort

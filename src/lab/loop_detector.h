// Whether a text has fallen into a loop: its end repeats the same passage over and over.
//
//   EndsInLoop("so x = 2. so x = 2. so x = 2. ...")   // true, once it has gone on for long enough
//
// A loop is a passage of at most 1,000 bytes that stands at least four times in a row at the end
// and fills at least 400 bytes there (a ruled line or a long number is none). Small differences
// between the rounds, such as a counter, are not seen through. Linear in 4,000 bytes of the text's
// end. Errors: none. Stateless and thread-safe.
#pragma once

#include <string_view>

namespace retort {

bool EndsInLoop(std::string_view text);

}  // namespace retort

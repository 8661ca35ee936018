// A question that people answer with y or n.
//
//   if (CanAsk() && !Confirm("Remove 3 runs?", /*otherwise=*/false)) return;
//
// Asked on stderr, answered on stdin; an empty line or none is `otherwise`. Errors: none.
#pragma once

#include <string>

namespace retort {

// Whether there is somebody to answer: stdin and stderr are terminals.
bool CanAsk();
bool Confirm(const std::string& question, bool otherwise);

}  // namespace retort

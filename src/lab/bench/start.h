// Cold start and memory of a model, measured on processes of their own: from exec to the first
// token, with the file in the page cache.
//
//   in the child:   std::puts(AnswerFirstToken(path, options).c_str());   // then it waits
//   in the parent:  StartFigures figures = MeasureStarts({"/proc/self/exe", ...}, 5, clock, -1);
//
// Errors: kUnavailable with the child's own words when it ends before it answers; kCancelled when
// `cancel_fd` becomes readable. The parent's thread must outlive the child (base/process.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "runtime/loaded_model.h"

namespace retort {

struct StartFigures {
  std::vector<double> seconds = {};  // exec to first token, one for each start
  int64_t resident_bytes = 0;        // after the first token, mapped pages of the file included
  int64_t peak_resident_bytes = 0;   // until then
  ModelMemory memory = {};           // what of it is weights, cache and work space
};

// Loads the model, generates one token for a short prompt, and says as JSON what it holds.
std::string AnswerFirstToken(const std::string& path, const LoadOptions& options);

// Starts `argv` `repeat` times after one start that brings the file into the page cache; each must
// print what AnswerFirstToken returns and then wait for the end of its input.
StartFigures MeasureStarts(const std::vector<std::string>& argv, int repeat, const Clock& clock,
                           int cancel_fd);

}  // namespace retort

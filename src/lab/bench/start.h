// Cold start and memory of a model, measured on processes of their own: from exec to the first
// token, with the file in the page cache.
//
//   in the child:   FirstToken first(path, options);   // loads, and generates a token
//                   std::puts(first.Answer().c_str());     // then it waits
//   in the parent:  StartFigures figures = MeasureStarts({"/proc/self/exe", ...}, 5, clock, -1);
//
// Errors: kUnavailable with the child's own words when it ends before it answers; kCancelled when
// `cancel_fd` becomes readable. The parent's thread must outlive the child (base/process.h).
#pragma once

#include <cstdint>
#include <memory>
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

// A model that has just generated one token for a short prompt, and is held in memory.
class FirstToken {
 public:
  FirstToken(const std::string& path, const LoadOptions& options);
  // What it holds, as one line of JSON.
  std::string Answer() const;

 private:
  std::unique_ptr<LoadedModel> model_;
};

// Starts `argv` `repeat` times after one start that brings the file into the page cache; each must
// print what FirstToken answers and then wait for the end of its input.
StartFigures MeasureStarts(const std::vector<std::string>& argv, int repeat, const Clock& clock,
                           int cancel_fd);

}  // namespace retort

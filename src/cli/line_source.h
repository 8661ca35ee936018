// Where a chat's lines come from: LineEditor on a terminal, LineReader on anything else.
//
//   LineSource::Event event = source.Next("> ");   // kLine with event.line, kInterrupt or kEnd
//
// Not thread-safe.
#pragma once

#include <string>

namespace retort {

class LineSource {
 public:
  enum class Kind {
    kLine,
    kInterrupt,  // Ctrl-C; what was typed is gone
    kEnd,        // Ctrl-D, or the program is asked to end
  };
  struct Event {
    Kind kind = Kind::kEnd;
    std::string line = {};  // without its end; holds line ends only where several were pasted
  };

  virtual ~LineSource() = default;
  // `prompt` is shown where somebody types; it may hold colours.
  virtual Event Next(const std::string& prompt) = 0;
  // Offers `text`, a whole input, for recall.
  virtual void Remember(const std::string& text) = 0;
};

}  // namespace retort

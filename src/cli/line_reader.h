// Lines from a terminal, with Ctrl-C as an event of its own.
//
//   LineReader reader(STDIN_FILENO, signals);
//   LineReader::Event event = reader.Next();   // kLine with event.line, kInterrupt or kEnd
//
// A line that ends with a backslash goes on in the next one. Not thread-safe.
#pragma once

#include <string>

#include "base/interrupt.h"

namespace retort {

class LineReader {
 public:
  enum class Kind {
    kLine,
    kInterrupt,  // Ctrl-C; what was typed is gone
    kEnd,        // Ctrl-D, or the program is asked to end
  };
  struct Event {
    Kind kind = Kind::kEnd;
    std::string line = {};  // without its end
  };

  // Both must outlive the reader; `fd` is not closed.
  LineReader(int fd, const InterruptSignals& signals) : fd_(fd), signals_(signals) {}
  Event Next();

 private:
  bool TakeLine(std::string& line);

  int fd_;
  const InterruptSignals& signals_;
  std::string buffer_;  // read, not yet returned
  bool ended_ = false;
};

}  // namespace retort

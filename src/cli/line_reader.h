// Lines from a pipe or a plain terminal, with Ctrl-C as an event of its own.
//
//   LineReader reader(STDIN_FILENO, signals);
//   LineSource::Event event = reader.Next("> ");
//
// Not thread-safe.
#pragma once

#include <string>

#include "base/interrupt.h"
#include "cli/line_source.h"

namespace retort {

class LineReader : public LineSource {
 public:
  // Both must outlive the reader; `fd` is not closed.
  LineReader(int fd, const InterruptSignals& signals) : fd_(fd), signals_(signals) {}
  Event Next(const std::string& prompt) override;
  void Remember(const std::string&) override {}

 private:
  bool TakeLine(std::string& line);

  int fd_;
  const InterruptSignals& signals_;
  std::string buffer_;  // read, not yet returned
  bool ended_ = false;
};

}  // namespace retort

// A line with editing, history (arrow keys, Ctrl-R) and pastes of several lines, on a terminal.
//
//   LineEditor editor(STDIN_FILENO, stdout, signals, history);
//   LineSource::Event event = editor.Next("> ");
//
// Editing is libedit's, so ~/.editrc binds keys. The terminal is as it was whenever Next returns.
// Errors: kUnavailable where libedit cannot work on the terminal. Not thread-safe.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/interrupt.h"
#include "cli/input_history.h"
#include "cli/line_source.h"

namespace retort {

class LineEditor : public LineSource {
 public:
  // All must outlive the editor; `fd` is not closed.
  LineEditor(int fd, std::FILE* out, const InterruptSignals& signals, InputHistory& history);
  ~LineEditor() override;

  Event Next(const std::string& prompt) override;
  void Remember(const std::string& text) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort

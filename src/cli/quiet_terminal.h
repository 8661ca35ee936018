// The terminal between two lines, while an answer is written: keys typed ahead wait unseen, and a
// Ctrl-D among them stays a key. In line mode the terminal would take it for an end of input, which
// is lost when the editor turns line mode off. Signals stay on. Restored at the end.
//
//   const QuietTerminal terminal(STDIN_FILENO);
//   terminal.Set();
//
// Off a terminal it does nothing. For one thread.
#pragma once

#include <termios.h>

namespace retort {

class QuietTerminal {
 public:
  explicit QuietTerminal(int fd) : fd_(fd), is_terminal_(::tcgetattr(fd, &former_) == 0) {}
  ~QuietTerminal() {
    if (is_terminal_) ::tcsetattr(fd_, TCSANOW, &former_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  void Set() const {
    if (!is_terminal_) return;
    termios quiet = former_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    quiet.c_cc[VMIN] = 1;
    quiet.c_cc[VTIME] = 0;
    ::tcsetattr(fd_, TCSANOW, &quiet);
  }

 private:
  int fd_;
  termios former_{};
  bool is_terminal_;
};

}  // namespace retort

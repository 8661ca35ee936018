#include "cli/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <utility>

#include "cli/on_interrupt.h"

namespace retort {

// Moves the first whole line from the buffer; at the end of input what is left is a line too.
bool LineReader::TakeLine(std::string& line) {
  const size_t end = buffer_.find('\n');
  if (end == std::string::npos && (!ended_ || buffer_.empty())) return false;
  line = buffer_.substr(0, end);
  buffer_.erase(0, end == std::string::npos ? end : end + 1);
  return true;
}

LineReader::Event LineReader::Next(const std::string& prompt) {
  std::fputs(prompt.c_str(), stdout);
  std::fflush(stdout);
  Event event;
  while (true) {
    if (TakeLine(event.line)) {
      event.kind = Kind::kLine;
      return event;
    }
    if (ended_) return event;
    pollfd entries[] = {{.fd = fd_, .events = POLLIN, .revents = 0},
                        {.fd = signals_.fd(), .events = POLLIN, .revents = 0}};
    if (::poll(entries, 2, -1) < 0) continue;
    if (entries[1].revents != 0) {
      buffer_.clear();
      event.kind = TakeSignal(signals_) == SIGINT ? Kind::kInterrupt : Kind::kEnd;
      return event;
    }
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(fd_, bytes.data(), bytes.size());
    if (count > 0) buffer_.append(bytes.data(), static_cast<size_t>(count));
    ended_ = count <= 0;
  }
}

}  // namespace retort

#include "cli/on_interrupt.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace retort {

std::optional<int> TakeSignal(const InterruptSignals& signals) {
  signalfd_siginfo info{};
  if (::read(signals.fd(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) {
    return std::nullopt;
  }
  return static_cast<int>(info.ssi_signo);
}

OnInterrupt::OnInterrupt(const InterruptSignals& signals, std::function<void(int)> callback)
    : callback_(std::move(callback)), end_fd_(::eventfd(0, EFD_CLOEXEC)) {
  if (end_fd_ < 0) {
    Fail(ErrorCode::kUnavailable, "cannot watch for Ctrl-C: {}", std::strerror(errno));
  }
  thread_ = std::thread([this, &signals] { Run(signals); });
}

OnInterrupt::~OnInterrupt() {
  eventfd_write(end_fd_, 1);
  thread_.join();
  ::close(end_fd_);
}

void OnInterrupt::Run(const InterruptSignals& signals) {
  pollfd entries[] = {{.fd = signals.fd(), .events = POLLIN, .revents = 0},
                      {.fd = end_fd_, .events = POLLIN, .revents = 0}};
  while (entries[1].revents == 0) {
    if (::poll(entries, 2, -1) < 0) continue;
    if (entries[0].revents == 0) continue;
    if (const std::optional<int> signal = TakeSignal(signals)) callback_(*signal);
  }
}

}  // namespace retort

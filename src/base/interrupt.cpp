#include "base/interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace retort {

InterruptSignals::InterruptSignals() {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&watched, signal);
  pthread_sigmask(SIG_BLOCK, &watched, &former_);
  fd_ = ::signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) {
    pthread_sigmask(SIG_SETMASK, &former_, nullptr);
    Fail(ErrorCode::kUnavailable, "cannot watch for Ctrl-C: {}", std::strerror(errno));
  }
}

InterruptSignals::~InterruptSignals() {
  // Taken off the queue: a pending one would end the process when the mask is lifted.
  signalfd_siginfo info;
  while (::read(fd_, &info, sizeof(info)) > 0) {
  }
  ::close(fd_);
  pthread_sigmask(SIG_SETMASK, &former_, nullptr);
}

bool InterruptSignals::Wait(double seconds) const {
  pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, static_cast<int>(std::ceil(seconds * 1000))) > 0;
}

}  // namespace retort

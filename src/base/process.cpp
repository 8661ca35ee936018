#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/error.h"

namespace retort {
namespace {

constexpr size_t kKeptErrorBytes = 16384;

// Between fork and exec only calls that are safe there: the parent may have threads.
[[noreturn]] void RunChild(char* const* argv, int lines, int errors, int report, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // died before the line above
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(lines, STDIN_FILENO);
  ::dup2(lines, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = ::write(report, &error, sizeof(error));
  ::_exit(127);
}

std::string DescribeEnd(int status) {
  if (WIFEXITED(status)) return fmt::format("exit status {}", WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  return fmt::format("killed by signal {} ({})", signal, ::strsignal(signal));
}

int64_t StatusBytes(const std::string& text, const char* key) {
  const size_t at = text.find(key);
  if (at == std::string::npos) return 0;
  return std::strtoll(text.c_str() + at + std::strlen(key), nullptr, 10) * 1024;
}

std::string ReadProc(pid_t pid, const char* name) {
  std::ifstream file(fmt::format("/proc/{}/{}", pid, name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

ProcessUsage ReadUsage(pid_t pid) {
  ProcessUsage usage;
  const std::string status = ReadProc(pid, "status");
  usage.resident_bytes = StatusBytes(status, "VmRSS:");
  usage.peak_resident_bytes = StatusBytes(status, "VmHWM:");
  usage.file_bytes = StatusBytes(status, "RssFile:");
  // Fields 14 and 15, counted from behind the command name, which may hold spaces.
  const std::string stat = ReadProc(pid, "stat");
  const size_t end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos) return usage;
  std::istringstream fields(stat.substr(end_of_name + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  usage.cpu_seconds = (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return usage;
}

ChildProcess::ChildProcess(const std::vector<std::string>& argv) {
  RETORT_CHECK(!argv.empty());
  std::vector<char*> arguments;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  std::array<int, 2> lines{}, errors{}, report{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, lines.data()) != 0 ||
      ::pipe2(errors.data(), O_CLOEXEC) != 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
    Fail(ErrorCode::kUnavailable, "cannot start {}: {}", argv[0], std::strerror(errno));
  }
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  const int fork_error = errno;
  if (pid_ == 0) RunChild(arguments.data(), lines[1], errors[1], report[1], parent);
  for (const int fd : {lines[1], errors[1], report[1]}) ::close(fd);
  lines_fd_ = lines[0];
  errors_fd_ = errors[0];

  // The pipe closes without a word when exec succeeds.
  int error = 0;
  const bool failed = pid_ > 0 && ::read(report[0], &error, sizeof(error)) > 0;
  ::close(report[0]);
  if (pid_ > 0 && !failed) return;
  if (failed) ::waitpid(pid_, nullptr, 0);
  ::close(lines_fd_);
  ::close(errors_fd_);
  Fail(ErrorCode::kUnavailable, "cannot start {}: {}", argv[0],
       std::strerror(failed ? error : fork_error));
}

ChildProcess::~ChildProcess() {
  if (!reaped_) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(lines_fd_);
  ::close(errors_fd_);
}

void ChildProcess::WriteLine(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  size_t sent = 0;
  while (sent < bytes.size()) {
    // MSG_NOSIGNAL: a child that is gone is an error here, not a signal that ends us.
    const ssize_t n = ::send(lines_fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0)
      Fail(ErrorCode::kUnavailable, "child process {} is gone: {}", pid_, std::strerror(errno));
    sent += static_cast<size_t>(n);
  }
}

void ChildProcess::Drain(int fd, std::string& into, bool& open) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n > 0) into.append(buffer.data(), static_cast<size_t>(n));
  // A socket whose other end died with unread bytes says ECONNRESET instead of the end.
  if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN)) open = false;
}

std::optional<std::string> ChildProcess::ReadLine(int cancel_fd) {
  while (true) {
    if (const size_t end = lines_.find('\n'); end != std::string::npos) {
      std::string line = lines_.substr(0, end);
      lines_.erase(0, end + 1);
      return line;
    }
    if (!lines_open_) return std::nullopt;
    std::array<pollfd, 3> entries{
        {{.fd = lines_fd_, .events = POLLIN, .revents = 0},
         {.fd = errors_open_ ? errors_fd_ : -1, .events = POLLIN, .revents = 0},
         {.fd = cancel_fd, .events = POLLIN, .revents = 0}}};
    if (::poll(entries.data(), entries.size(), -1) < 0 && errno != EINTR)
      Fail(ErrorCode::kUnavailable, "cannot wait for child process {}: {}", pid_,
           std::strerror(errno));
    if (entries[2].revents != 0) Fail(ErrorCode::kCancelled, "interrupted");
    if (entries[1].revents != 0) {
      Drain(errors_fd_, errors_, errors_open_);
      if (errors_.size() > 2 * kKeptErrorBytes) errors_.erase(0, errors_.size() - kKeptErrorBytes);
    }
    if (entries[0].revents != 0) Drain(lines_fd_, lines_, lines_open_);
  }
}

std::string ChildProcess::LastErrorLine() const {
  std::string last, line;
  std::istringstream text(errors_);
  while (std::getline(text, line)) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) last = line;
  }
  return last;
}

std::string ChildProcess::WaitForEnd() {
  for (int i = 0; i < 100 && !reaped_; ++i) {
    reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
    if (!reaped_) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!reaped_) {
    ::kill(-pid_, SIGKILL);
    reaped_ = ::waitpid(pid_, &status_, 0) == pid_;
  }
  pollfd entry{.fd = errors_fd_, .events = POLLIN, .revents = 0};
  while (errors_open_ && ::poll(&entry, 1, 100) > 0) Drain(errors_fd_, errors_, errors_open_);
  return DescribeEnd(status_);
}

}  // namespace retort

// A child process spoken to in lines: stdin and stdout are ours, stderr is kept for error messages.
//
//   ChildProcess child({"/proc/self/exe", "worker", "a.gguf"});
//   child.WriteLine("{\"op\":\"ping\"}");
//   while (auto line = child.ReadLine()) { ... }
//
// The child dies with the object (SIGKILL), and with the thread that started it, however that ends
// (PR_SET_PDEATHSIG): start children from a thread that lives as long as they should. It runs in a
// process group of its own, so Ctrl-C at a terminal reaches only the parent, which decides.
// Errors: kUnavailable when the program cannot be started, or when a line cannot be handed over
// because the child is gone. Not thread-safe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// Of a running process; zeros once it is gone.
struct ProcessUsage {
  int64_t resident_bytes = 0;       // VmRSS: mapped file pages included
  int64_t peak_resident_bytes = 0;  // VmHWM
  int64_t file_bytes = 0;           // RssFile: the part that is page cache
  double cpu_seconds = 0;           // user and system, all threads
};
ProcessUsage ReadUsage(pid_t pid);

class ChildProcess {
 public:
  explicit ChildProcess(const std::vector<std::string>& argv);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }

  void WriteLine(std::string_view line);
  // Blocks for the next line of stdout, without its newline; nullopt at the end of the output.
  // When `cancel_fd` (see InterruptSignals) becomes readable meanwhile: Error kCancelled.
  std::optional<std::string> ReadLine(int cancel_fd = -1);

  // The last non-empty line of stderr so far.
  std::string LastErrorLine() const;
  // Waits for the end (at most a second, then kills): "exit status 1", "killed by signal 9
  // (Killed)".
  std::string WaitForEnd();
  ProcessUsage Usage() const { return ReadUsage(pid_); }

 private:
  void Drain(int fd, std::string& into, bool& open);

  pid_t pid_ = -1;
  bool reaped_ = false;
  int status_ = 0;
  int lines_fd_ = -1;   // socket: the child's stdin and stdout
  int errors_fd_ = -1;  // pipe: its stderr
  bool lines_open_ = true, errors_open_ = true;
  std::string lines_, errors_;
};

}  // namespace retort

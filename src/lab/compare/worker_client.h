// The comparison's end of a worker process: starts it, asks it, and says which model failed, how
// and with which last words if it dies.
//
//   WorkerClient worker({"/proc/self/exe", "worker", "a.gguf"}, "a", interrupts.fd());
//   worker.AwaitReady();
//   ChatReply reply = worker.Chat(task);
//
// Errors: kUnavailable when the worker dies or breaks the protocol, kCancelled on an interrupt, the
// worker's own code for a request that it refused; each names the model. Not thread-safe; one
// request at a time. The worker dies with the object.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/process.h"
#include "lab/compare/worker_protocol.h"

namespace retort {

class WorkerClient {
 public:
  WorkerClient(const std::vector<std::string>& argv, std::string name, int cancel_fd);

  // Waits until the model is loaded.
  ComparedModel AwaitReady();
  ChatReply Chat(const ChatTask& task);
  SpeedSample Fixed(const LengthTest& test);
  void StartBatch(const BatchTask& task);
  BatchProgress Advance(double seconds);

  ProcessUsage Usage() const { return child_.Usage(); }

 private:
  nlohmann::json Ask(nlohmann::json request, const char* op);
  nlohmann::json Read();

  std::string name_;
  int cancel_fd_;
  ChildProcess child_;
};

}  // namespace retort

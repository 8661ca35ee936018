// The side of a comparison that holds one model: answers the requests of worker_protocol.h. Runs in
// a process of its own (`retort worker`), so that its memory and CPU time are this model's alone.
//
//   Worker worker(*model, /*parallel=*/16, /*speculate=*/false);
//   ServeWorker(worker, std::cin, std::cout);
//
// It computes only while a request is being answered. Errors of a request go into its reply. One
// thread.
#pragma once

#include <iosfwd>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "lab/compare/batch_run.h"
#include "lab/compare/gated_model.h"
#include "lab/compare/worker_protocol.h"
#include "runtime/generation.h"
#include "runtime/loaded_model.h"

namespace retort {

class Worker {
 public:
  // The model must outlive the worker. At most `parallel` sequences run together; `speculate`: with
  // guessed tokens computed ahead.
  Worker(LoadedModel& model, int parallel, bool speculate);
  ~Worker();

  // The reply to one request line.
  std::string Handle(std::string_view line);
  ComparedModel Facts() const;

 private:
  nlohmann::json Dispatch(const nlohmann::json& request);
  ChatReply Chat(const ChatTask& task);
  SpeedSample Fixed(const LengthTest& test);

  LoadedModel& model_;
  GatedModel gate_;
  Engine engine_;
  Generator generator_;
  std::unique_ptr<BatchRun> batch_;
};

// Says "ready", then answers line by line until the input ends.
void ServeWorker(Worker& worker, std::istream& in, std::ostream& out);

}  // namespace retort

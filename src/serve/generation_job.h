// One request being answered: from prompts handed to the engine to the last byte of the reply.
//
//   const auto job = std::make_shared<GenerationJob>(std::move(parts));
//   jobs.Add(job);
//   job->Start();                                        // on a worker; throws what is wrong
//   job->EndThinking();                                  // from any thread
//
// The engine tells that there is something to read, a worker turns it into the interface's events
// and writes all of them at once. A stream begins with its first event, or after a few silent
// seconds, so that what is wrong with a request is still an HTTP status, and no proxy takes a long
// prompt for a dead connection. The client's going away cancels the request.
// Whoever made it keeps it until `on_end` was called, which is always the last thing that happens,
// unless Start threw. Thread-safe, but for Start.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/reply.h"
#include "net/responder.h"
#include "serve/choice_state.h"
#include "serve/model_registry.h"
#include "serve/request_options.h"
#include "serve/worker_pool.h"

namespace retort::serve {

using ErrorWords = nlohmann::ordered_json (*)(const api::ErrorReport&);

// What a job has come to, for metrics and logs.
struct JobReport {
  std::string id;
  std::string model;
  std::vector<GenerationResult> choices;
  double queue_s = 0;  // in front of the engine: reading, loading, rendering
  bool client_gone = false;
  int32_t num_choices = 1;
};

struct JobParts {
  std::string id;
  ModelLease model;
  std::shared_ptr<void> ticket;  // its place among the requests; given back at the end
  api::GenerateRequest request;
  PreparedRequest prepared;
  std::unique_ptr<api::ReplyWriter> writer;
  std::shared_ptr<net::Responder> responder;
  net::Headers headers = {};  // of the answer
  bool head_sent = false;     // a stream of events has begun, without an event
  ErrorWords error_words = nullptr;
  WorkerPool* pool = nullptr;
  double load_s = 0;  // of the model, if it was loaded for this request
  double queue_s = 0;
  double ping_s = 15;
  double silence_s = 5;
  double first_token_limit_s = 0;                                     // 0: none
  std::function<void(double seconds, int32_t tokens)> on_token = {};  // since the one before
  std::function<void(const JobReport&)> on_end = {};
};

class GenerationJob : public std::enable_shared_from_this<GenerationJob> {
 public:
  explicit GenerationJob(JobParts parts);

  void Start();

  const std::string& id() const { return parts_.id; }
  const std::string& model() const { return parts_.model_name; }
  void Cancel();
  // Ends it with an error for the client.
  void Break(ErrorCode code, std::string message);
  void EndThinking();

 private:
  struct Parts : JobParts {
    std::string model_name;
  };

  void BeginAfter(double seconds);
  void Tell();
  void Run();
  void Pump();
  void LookLater();
  void TellPosition(std::string& wire);
  void TakeFrom(size_t stream, const GenerationPiece& piece, std::string& wire);
  void Show(const api::Piece& piece, std::string& wire);
  void BeginReply(std::string& wire);
  void EndReply();
  void WriteOutcome(std::string& wire);
  void WriteError(const api::ErrorReport& error, std::string& wire);
  void Frame(const std::vector<api::Event>& events, std::string& wire) const;
  const GenerationResult& ResultOf(size_t choice) const;

  Parts parts_;
  std::vector<std::unique_ptr<GenerationStream>> streams_;  // one for each prompt
  std::vector<ChoiceState> choices_;                        // prompt * n + choice
  std::vector<double> last_token_s_;                        // of each choice
  std::atomic<int> signals_{1};  // to look at the streams; Start holds the first one
  std::atomic<bool> cancelling_{false}, ending_thinking_{false};
  std::atomic<bool> looking_later_{false};
  std::atomic<bool> overdue_{false};   // a stream should begin
  std::atomic<bool> answered_{false};  // a token has come
  std::mutex break_mutex_;
  std::shared_ptr<const Error> broken_;  // why the server ended it
  int32_t told_position_ = 0;            // in the queue; a worker's, as what follows
  bool begun_ = false;  // workers', one at a time: the first event has been written
  bool ended_ = false;
};

}  // namespace retort::serve

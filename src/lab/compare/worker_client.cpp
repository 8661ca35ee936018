#include "lab/compare/worker_client.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/quote.h"

namespace retort {

using SortedJson = nlohmann::json;

namespace {

ErrorCode CodeOf(const std::string& name) {
  for (const ErrorCode code :
       {ErrorCode::kInvalidArgument, ErrorCode::kNotFound, ErrorCode::kCorrupt,
        ErrorCode::kUnsupported, ErrorCode::kResourceExhausted, ErrorCode::kCancelled,
        ErrorCode::kUnavailable}) {
    if (name == ErrorCodeName(code)) return code;
  }
  return ErrorCode::kInternal;
}

}  // namespace

WorkerClient::WorkerClient(const std::vector<std::string>& argv, std::string name, int cancel_fd)
    : name_(std::move(name)), cancel_fd_(cancel_fd), child_(argv) {}

SortedJson WorkerClient::Read() {
  const auto line = child_.ReadLine(cancel_fd_);
  if (line) return ParseLine(*line);
  const std::string end = child_.WaitForEnd();
  const std::string said = Printable(child_.LastErrorLine());
  Fail(ErrorCode::kUnavailable, "{}: its process ended ({}){}{}", name_, end,
       said.empty() ? "" : "; it said: ", said);
}

ComparedModel WorkerClient::AwaitReady() {
  const SortedJson message = Read();
  if (!message.contains("ready"))
    Fail(ErrorCode::kUnavailable, "{}: its process did not say \"ready\"", name_);
  return ComparedModelFromJson(message["ready"].value("facts", SortedJson::object()));
}

SortedJson WorkerClient::Ask(SortedJson request, const char* op) {
  request["op"] = op;
  try {
    child_.WriteLine(ToLine(request));
  } catch (const Error&) {
    // Gone: what it said last comes out of Read.
  }
  SortedJson message = Read();
  if (const auto error = message.find("error"); error != message.end()) {
    Fail(CodeOf(error->value("code", "")), "{}: {}", name_, error->value("message", "unknown"));
  }
  return message.value("reply", SortedJson::object());
}

ChatReply WorkerClient::Chat(const ChatTask& task) {
  return ChatReplyFromJson(Ask(ToJson(task), "chat"));
}

SpeedSample WorkerClient::Fixed(const LengthTest& test) {
  return SpeedSampleFromJson(Ask(ToJson(test), "fixed"));
}

void WorkerClient::StartBatch(const BatchTask& task) { Ask(ToJson(task), "start"); }

BatchProgress WorkerClient::Advance(double seconds) {
  return BatchProgressFromJson(Ask({{"seconds", seconds}}, "advance"));
}

}  // namespace retort

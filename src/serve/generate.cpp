// The way of every request that generates, whichever interface it came through.
#include <ctime>
#include <utility>

#include "base/clock.h"
#include "base/version.h"
#include "net/sse_stream.h"
#include "serve/context.h"
#include "serve/waiting_reply.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

std::string Joined(const std::vector<std::string>& texts, const char* between) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : between) + text;
  return joined;
}

// Header values are one line of ASCII.
std::string HeaderText(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

void LogJob(const Service::Context& context, const JobReport& report) {
  for (const GenerationResult& result : report.choices) {
    context.Log(LogLevel::kInfo, {{"event", "answer"},
                                  {"id", report.id},
                                  {"model", report.model},
                                  {"finish", FinishReasonName(result.finish)},
                                  {"prompt_tokens", result.prompt_tokens},
                                  {"cached_tokens", result.cached_tokens},
                                  {"tokens", result.generated_tokens},
                                  {"reasoning_tokens", result.reasoning_tokens},
                                  {"thinking_end", ThinkingEndName(result.thinking_end)},
                                  {"first_token_s", RoundedSeconds(result.first_token_s)},
                                  {"first_answer_s", RoundedSeconds(result.first_answer_s)},
                                  {"total_s", RoundedSeconds(result.total_s)},
                                  {"tokens_per_s", RoundedSeconds(result.decode_tokens_per_s)}});
  }
}

void LogPrompts(const Call& call, const ServedModel& model, const PreparedRequest& prepared) {
  if (!call.context->options.log_prompts) return;
  for (const PreparedPrompt& prompt : prepared.prompts) {
    call.context->Log(LogLevel::kInfo, {{"event", "prompt"},
                                        {"id", call.request->id},
                                        {"model", model.name()},
                                        {"prompt", prompt.text}});
  }
}

// From a model that is there to a job at work.
void StartJob(Call call, api::GenerateRequest request, const WriterFactory& make_writer,
              ModelLease model, std::shared_ptr<void> ticket, double load_s, bool head_sent) {
  Service::Context& context = *call.context;
  PreparedRequest prepared = Prepare(request, *model, context.options.defaults);
  LogPrompts(call, *model, prepared);
  std::vector<std::string> warnings = prepared.warnings;
  if (!request.unknown_fields.empty()) {
    warnings.push_back("not understood: " + Joined(request.unknown_fields, ", "));
  }
  if (!warnings.empty()) {
    call.headers.Set("X-Retort-Warning", HeaderText(Joined(warnings, "; ")));
  }
  api::ReplyHead head{.id = call.request->id,
                      .model = model->name(),
                      .created = static_cast<int64_t>(std::time(nullptr)),
                      .prompts = {},
                      .fingerprint = std::string("retort-") + kVersion};
  for (const PreparedPrompt& prompt : prepared.prompts) {
    if (request.echo) head.prompts.push_back(prompt.text);
  }
  JobParts parts{.id = call.request->id,
                 .model = std::move(model),
                 .ticket = std::move(ticket),
                 .request = std::move(request),
                 .prepared = std::move(prepared),
                 .writer = nullptr,
                 .responder = call.responder,
                 .headers = call.headers,
                 .head_sent = head_sent,
                 .error_words = call.words,
                 .pool = context.pool.get(),
                 .load_s = load_s,
                 .queue_s = SteadyClock().Seconds() - call.arrived,
                 .ping_s = context.options.ping_s,
                 .silence_s = context.options.silence_s,
                 .first_token_limit_s = context.options.first_token_limit_s};
  parts.writer = make_writer(head, parts.request);
  parts.on_token = context.metrics.TokenTimer(parts.model->name());
  parts.on_end = [&context](const JobReport& report) {
    context.metrics.Ended(report);
    LogJob(context, report);
    context.jobs.Remove(report.id);
  };
  const auto job = std::make_shared<GenerationJob>(std::move(parts));
  context.jobs.Add(job);
  try {
    job->Start();
  } catch (...) {
    context.jobs.Remove(job->id());
    throw;
  }
}

// An error on a stream whose head has been sent is an event.
void SendErrorEvent(const Call& call, const std::exception& error) {
  const api::ErrorReport report = api::DescribeError(error, call.request->id);
  const std::string name = call.words == api::AnthropicError ? "error" : "";
  call.responder->Write(net::FormatSseEvent(call.words(report).dump(), {.event = name}));
  call.responder->End();
}

// A request in front of its model.
struct Waiter {
  Call call;
  api::GenerateRequest request;
  WriterFactory make_writer;
  std::shared_ptr<void> ticket;
  bool was_loaded = true;                           // the model, when the request came
  std::shared_ptr<WaitingReply> waiting = nullptr;  // of a stream of events, if it was not

  // On a worker, once.
  void Go(ModelLease model, const std::exception_ptr& error) {
    const bool head_sent = waiting && waiting->Take();
    try {
      if (error) std::rethrow_exception(error);
      const double load_s = was_loaded ? 0 : SteadyClock().Seconds() - call.arrived;
      StartJob(call, std::move(request), make_writer, std::move(model), std::move(ticket), load_s,
               head_sent);
    } catch (const std::exception& failure) {
      head_sent ? SendErrorEvent(call, failure) : call.SendError(failure);
    }
  }
};

}  // namespace

void Generate(const Call& call, api::GenerateRequest request, WriterFactory make_writer) {
  Service::Context& context = *call.context;
  if (context.refusing) {
    context.metrics.Refused("shutting_down");
    Fail(ErrorCode::kUnavailable, "the server is shutting down; try another one");
  }
  if (context.options.strict && !request.unknown_fields.empty()) {
    throw api::RequestError(ErrorCode::kInvalidArgument, request.unknown_fields.front(),
                            "not understood: " + Joined(request.unknown_fields, ", "));
  }
  const ModelStatus status = context.registry->Status(request.model);
  std::shared_ptr<void> ticket = context.admission.Admit(status.name);
  const bool was_loaded = status.state == ModelState::kLoaded;
  const bool streams_events = request.stream && call.words != api::OllamaError;
  const auto waiting = was_loaded || !streams_events
                           ? nullptr
                           : WaitingReply::Begin(call, context.options.silence_s);
  const auto waiter = std::make_shared<Waiter>(Waiter{
      call, std::move(request), std::move(make_writer), std::move(ticket), was_loaded, waiting});
  context.registry->Acquire(status.name, [waiter](ModelLease model, std::exception_ptr error) {
    waiter->call.context->pool->Post([waiter, model = std::move(model), error]() mutable {
      waiter->Go(std::move(model), error);
    });
  });
}

}  // namespace retort::serve

#include "serve/context.h"

#include <utility>

#include "api/read_body.h"
#include "base/clock.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

Json Call::Body() const { return api::ReadBody(request->body, context->options.limits); }

void Call::SendText(int status, const std::string& text, const std::string& type) const {
  net::Headers all = headers;
  all.Set("Content-Type", type);
  responder->Send({.status = status, .headers = std::move(all), .body = text});
}

void Call::SendJson(int status, const Json& body) const {
  SendText(status, body.dump(-1, ' ', false, Json::error_handler_t::replace), "application/json");
}

void Call::SendReport(const api::ErrorReport& report, int retry_after_s) const {
  Call with_retry = *this;
  if (retry_after_s > 0) with_retry.headers.Set("Retry-After", std::to_string(retry_after_s));
  with_retry.SendJson(report.status, words(report));
}

void Call::SendError(const std::exception& error) const {
  api::ErrorReport report = api::DescribeError(error, request->id);
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) {
    report.status = 429;
    report.code = "queue_full";
    context->metrics.Refused(report.code);
    return SendReport(report, refusal->retry_after);
  }
  if (report.code == "context_length_exceeded") context->metrics.Refused("context_length");
  if (report.status == 500) {
    context->Log(LogLevel::kError,
                 {{"event", "failure"}, {"id", request->id}, {"what", error.what()}});
  }
  SendReport(report, report.status == 503 ? 1 : 0);
}

Routes::Routes(Service::Context& context)
    : context_(context), router_([](const net::HttpError& error) {
        const api::ErrorReport report{.status = error.status,
                                      .message = error.message,
                                      .param = {},
                                      .code = error.code,
                                      .request_id = error.request_id};
        return net::Response{.status = error.status,
                             .headers = {{"Content-Type", "application/json"}},
                             .body = api::OpenAiError(report).dump()};
      }) {}

// On the net thread only what takes no time: who asks, and handing over.
void Routes::Add(const std::string& method, const std::string& pattern, Endpoint endpoint,
                 ErrorWords words) {
  Service::Context& context = context_;
  router_.Add(method, pattern,
              [&context, endpoint = std::make_shared<const Endpoint>(std::move(endpoint)), words](
                  net::Request request, std::shared_ptr<net::Responder> responder) {
                Call call{.context = &context,
                          .request = std::make_shared<const net::Request>(std::move(request)),
                          .responder = std::move(responder),
                          .words = words,
                          .headers = {},
                          .arrived = SteadyClock().Seconds()};
                call.headers = context.access.CorsHeaders(*call.request);
                context.pool->Post([call = std::move(call), endpoint]() mutable {
                  try {
                    (*endpoint)(call);
                  } catch (const std::exception& error) {
                    call.SendError(error);
                  }
                });
              });
}

}  // namespace retort::serve

#include "api/request_error.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "api/json_text.h"

namespace retort::api {
namespace {

using Json = nlohmann::ordered_json;

// A field that is named is the client's to mend: sending the same again later would not help.
int StatusOfField(ErrorCode code) {
  if (code == ErrorCode::kNotFound) return 404;
  if (code == ErrorCode::kResourceExhausted) return 413;
  return 400;
}

std::string OpenAiType(int status) {
  if (status == 401 || status == 403) return "authentication_error";
  if (status == 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

std::string AnthropicType(int status) {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
      return "overloaded_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

Json ReplacedOrNull(const std::string& text) {
  return text.empty() ? Json() : Json(ReplacedUtf8(text));
}

// What an error says beside the usual members; those keep their meaning.
void AddDetails(const Json& details, Json* error) {
  if (!details.is_object()) return;
  for (const auto& [name, value] : details.items()) {
    if (!error->contains(name)) (*error)[name] = value;
  }
}

}  // namespace

int HttpStatus(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return 400;
    case ErrorCode::kNotFound:
      return 404;
    case ErrorCode::kUnsupported:
      return 501;
    case ErrorCode::kResourceExhausted:
      return 429;
    case ErrorCode::kCancelled:
      return 499;  // nginx's: the client has gone
    case ErrorCode::kUnavailable:
      return 503;
    case ErrorCode::kCorrupt:  // a file of ours
    case ErrorCode::kInternal:
      break;
  }
  return 500;
}

ErrorReport DescribeError(const std::exception& error, const std::string& request_id) {
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) {
    // Its words may tell of things that are not the client's.
    return {.status = 500,
            .message = "something went wrong in the server; its log says what",
            .code = ErrorCodeName(ErrorCode::kInternal),
            .request_id = request_id};
  }
  ErrorReport report = {.status = HttpStatus(known->code()),
                        .message = known->what(),
                        .code = ErrorCodeName(known->code()),
                        .request_id = request_id};
  if (const auto* request = dynamic_cast<const RequestError*>(known)) {
    report.param = request->param;
    report.details = request->details;
    if (!request->code_name.empty()) report.code = request->code_name;
    if (!request->param.empty()) report.status = StatusOfField(known->code());
  }
  return report;
}

Json OpenAiError(const ErrorReport& report) {
  Json error = {{"message", ReplacedUtf8(report.message)},
                {"type", OpenAiType(report.status)},
                {"param", ReplacedOrNull(report.param)},
                {"code", ReplacedOrNull(report.code)}};
  if (!report.request_id.empty()) error["request_id"] = ReplacedUtf8(report.request_id);
  AddDetails(report.details, &error);
  return {{"error", std::move(error)}};
}

Json AnthropicError(const ErrorReport& report) {
  Json error = {{"type", AnthropicType(report.status)}, {"message", ReplacedUtf8(report.message)}};
  AddDetails(report.details, &error);
  Json answer = {{"type", "error"}, {"error", std::move(error)}};
  if (!report.request_id.empty()) answer["request_id"] = ReplacedUtf8(report.request_id);
  return answer;
}

Json OllamaError(const ErrorReport& report) { return {{"error", ReplacedUtf8(report.message)}}; }

}  // namespace retort::api

// Answers that tell of an error, in the shape that clients of OpenAI's interface parse:
//
//   responder->Send(ErrorResponse({.status = 404, .code = "model_not_found",
//                                  .message = "no model 'x' is loaded; GET /v1/models lists
//                                  them"}));
//   // {"error":{"message":"no model ...","type":"invalid_request_error","code":"model_not_found"}}
//
// Bytes of the message that are no UTF-8 are replaced. Pure and thread-safe.
#pragma once

#include <functional>
#include <string>

#include "net/http_message.h"

namespace retort::net {

struct HttpError {
  int status = 500;
  std::string code = {};        // for programs: "payload_too_large"
  std::string message = {};     // for people, one line: what, which value, what to do
  std::string request_id = {};  // empty for a request that never became one
};

// "invalid_request_error", "authentication_error", "rate_limit_error" or "server_error".
std::string ErrorType(int status);

Response ErrorResponse(const HttpError& error);

// How the transport words its own errors; ErrorResponse unless the owner says otherwise.
using ErrorHook = std::function<Response(const HttpError&)>;

}  // namespace retort::net

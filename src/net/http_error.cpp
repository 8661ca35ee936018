#include "net/http_error.h"

#include <nlohmann/json.hpp>

namespace retort::net {

std::string ErrorType(int status) {
  if (status == 401 || status == 403) return "authentication_error";
  if (status == 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

Response ErrorResponse(const HttpError& error) {
  const nlohmann::ordered_json body = {
      {"error",
       {{"message", error.message}, {"type", ErrorType(error.status)}, {"code", error.code}}}};
  return {.status = error.status,
          .headers = {{"Content-Type", "application/json"}},
          .body = body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

}  // namespace retort::net

// What is wrong with a request, with what clients of the interfaces expect to be told.
//
//   throw RequestError(ErrorCode::kInvalidArgument, "temperature",
//                      "temperature is 3; give a number from 0 to 2");
//   response.status = HttpStatus(error.code());            // 400
//   response.body = OpenAiError(DescribeError(error, request_id)).dump();
//
// Pure and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/error.h"

namespace retort::api {

class RequestError : public Error {
 public:
  // `param` is the field's path in the body: "messages[2].content". `code` is for programs; empty:
  // as HTTP status and ErrorCode have it.
  RequestError(ErrorCode error_code, std::string param_path, const std::string& message,
               std::string program_code = {}, nlohmann::ordered_json more = {})
      : Error(error_code, message),
        param(std::move(param_path)),
        code_name(std::move(program_code)),
        details(std::move(more)) {}

  std::string param;
  std::string code_name;
  nlohmann::ordered_json details;  // further members of the error: {"prompt_tokens": 9000, ...}
};

// An error as it is told; each interface has its own words for it.
struct ErrorReport {
  int status = 500;
  std::string message = {}, param = {}, code = {}, request_id = {};
  nlohmann::ordered_json details = {};
};

// 400, 404, 413, 429, 499, 500, 501, 503.
int HttpStatus(ErrorCode code);
// Of whatever was thrown. What is not an Error is a 500 whose message does not say what it was.
ErrorReport DescribeError(const std::exception& error, const std::string& request_id);

nlohmann::ordered_json OpenAiError(const ErrorReport& report);     // {"error": {"message", ...}}
nlohmann::ordered_json AnthropicError(const ErrorReport& report);  // {"type": "error", ...}
nlohmann::ordered_json OllamaError(const ErrorReport& report);     // {"error": "..."}

}  // namespace retort::api

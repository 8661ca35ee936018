#include "api/request_error.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace retort::api {
namespace {

using Json = nlohmann::ordered_json;

TEST(RequestError, NamesTheFieldInOpenAisShape) {
  const RequestError error(ErrorCode::kInvalidArgument, "temperature",
                           "temperature is 3; give a number from 0 to 2");
  const ErrorReport report = DescribeError(error, "5f0c2a");
  EXPECT_EQ(report.status, 400);
  EXPECT_EQ(OpenAiError(report),
            Json::parse(R"({"error": {"message": "temperature is 3; give a number from 0 to 2",
                "type": "invalid_request_error", "param": "temperature",
                "code": "invalid_argument", "request_id": "5f0c2a"}})"));
}

TEST(RequestError, EachInterfaceHasItsOwnShape) {
  const ErrorReport report = {.status = 429, .message = "the queue is full", .code = "queue_full"};
  EXPECT_EQ(OpenAiError(report)["error"]["type"], "rate_limit_error");
  EXPECT_EQ(OpenAiError(report)["error"]["param"], nullptr);
  EXPECT_EQ(AnthropicError(report),
            Json::parse(R"({"type": "error", "error": {"type": "rate_limit_error",
                            "message": "the queue is full"}})"));
  EXPECT_EQ(OllamaError(report), Json::parse(R"({"error": "the queue is full"})"));
  EXPECT_EQ(AnthropicError({.status = 503})["error"]["type"], "overloaded_error");
  EXPECT_EQ(AnthropicError({.status = 404})["error"]["type"], "not_found_error");
  EXPECT_EQ(AnthropicError({.status = 500})["error"]["type"], "api_error");
  EXPECT_EQ(AnthropicError({.status = 400})["error"]["type"], "invalid_request_error");
  EXPECT_EQ(OpenAiError({.status = 401})["error"]["type"], "authentication_error");
  EXPECT_EQ(OpenAiError({.status = 500})["error"]["type"], "server_error");
}

TEST(RequestError, EveryCodeHasAStatus) {
  EXPECT_EQ(HttpStatus(ErrorCode::kInvalidArgument), 400);
  EXPECT_EQ(HttpStatus(ErrorCode::kNotFound), 404);
  EXPECT_EQ(HttpStatus(ErrorCode::kUnsupported), 501);
  EXPECT_EQ(HttpStatus(ErrorCode::kResourceExhausted), 429);
  EXPECT_EQ(HttpStatus(ErrorCode::kCancelled), 499);
  EXPECT_EQ(HttpStatus(ErrorCode::kUnavailable), 503);
  EXPECT_EQ(HttpStatus(ErrorCode::kInternal), 500);
  EXPECT_EQ(HttpStatus(ErrorCode::kCorrupt), 500);
}

TEST(RequestError, WhatNamesAFieldIsTheClients) {
  const auto status = [](ErrorCode code) {
    return DescribeError(RequestError(code, "prompt", "no"), "").status;
  };
  EXPECT_EQ(status(ErrorCode::kUnsupported), 400);
  EXPECT_EQ(status(ErrorCode::kCorrupt), 400);
  EXPECT_EQ(status(ErrorCode::kNotFound), 404);
  EXPECT_EQ(status(ErrorCode::kResourceExhausted), 413);
  EXPECT_EQ(DescribeError(Error(ErrorCode::kUnavailable, "no"), "").status, 503);
}

TEST(RequestError, TellsNothingOfStrangers) {
  const ErrorReport report = DescribeError(std::runtime_error("/srv/secret"), "7");
  EXPECT_EQ(report.status, 500);
  EXPECT_EQ(report.message.find("secret"), std::string::npos);
  EXPECT_EQ(report.request_id, "7");
}

TEST(RequestError, DetailsStandBesideTheMessageAndNeverInItsPlace) {
  const RequestError error(ErrorCode::kInvalidArgument, "messages", "too long",
                           "context_length_exceeded",
                           Json{{"prompt_tokens", 9000}, {"message", "other"}});
  const Json json = OpenAiError(DescribeError(error, ""))["error"];
  EXPECT_EQ(json["prompt_tokens"], 9000);
  EXPECT_EQ(json["message"], "too long");
  EXPECT_EQ(json["code"], "context_length_exceeded");
  EXPECT_FALSE(json.contains("request_id"));
}

TEST(RequestError, BytesThatAreNoUtf8DoNotBreakTheAnswer) {
  const ErrorReport report = {.message = "caf\xC3", .param = "\xFF"};
  EXPECT_NO_THROW(OpenAiError(report).dump());
  EXPECT_NO_THROW(AnthropicError(report).dump());
  EXPECT_NO_THROW(OllamaError(report).dump());
}

}  // namespace
}  // namespace retort::api

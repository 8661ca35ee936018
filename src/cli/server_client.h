// A running server, asked by `retort ps` and `retort stop`.
//
//   ServerClient server("http://127.0.0.1:7860", key);
//   nlohmann::ordered_json models = server.Get("/retort/v1/models");
//
// Errors: kInvalidArgument for what is no address of a server; kUnavailable, saying what to do,
// when nobody answers there; and what the server says, with its own words. Not thread-safe.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "net/http_client.h"

namespace retort {

class ServerClient {
 public:
  // `key` may be empty.
  ServerClient(const std::string& url, std::string key);

  nlohmann::ordered_json Get(const std::string& path);
  nlohmann::ordered_json Post(const std::string& path);
  // The status alone, whatever it is.
  int StatusOf(const std::string& path);

 private:
  net::Response Send(const std::string& method, const std::string& path);
  nlohmann::ordered_json Ask(const std::string& method, const std::string& path);

  std::string url_, key_;
  std::unique_ptr<net::HttpClient> client_;
};

// A name as a part of a path: "a/b" becomes "a%2Fb".
std::string EncodePathPart(const std::string& text);

// RETORT_URL, or where `retort serve` listens if it is not told otherwise.
std::string DefaultServerUrl();
std::string ServerKey();  // RETORT_API_KEY

}  // namespace retort

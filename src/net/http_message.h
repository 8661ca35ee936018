// HTTP's messages as values: what a handler reads and what it answers. No sockets.
//
//   if (const std::string* model = request.Query("model")) ...
//   request.headers.Get("authorization")                       // names in any case
//   responder->Send({.status = 200, .headers = {{"Content-Type", "text/plain"}}, .body = "ok\n"});
//
// Header values are as they came, without the blanks around them. Values are plain data: not
// thread-safe while somebody changes them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::net {

// "Content-Type" and "content-type" are the same name.
bool EqualIgnoringCase(std::string_view a, std::string_view b);

struct Header {
  std::string name;
  std::string value;
};

// In the order in which they came; a name may stand more than once.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> headers) : headers_(headers) {}

  // The first of that name, or null.
  const std::string* Find(std::string_view name) const;
  std::string_view Get(std::string_view name, std::string_view otherwise = {}) const;
  size_t Count(std::string_view name) const;
  // Whether `token` stands in the comma-separated list that the fields of that name make together:
  // HasToken("connection", "close").
  bool HasToken(std::string_view name, std::string_view token) const;

  void Add(std::string_view name, std::string_view value);
  void Set(std::string_view name, std::string_view value);  // in place of all of that name
  void Remove(std::string_view name);

  auto begin() const { return headers_.begin(); }
  auto end() const { return headers_.end(); }
  size_t size() const { return headers_.size(); }
  bool empty() const { return headers_.empty(); }

 private:
  std::vector<Header> headers_;
};

struct Parameter {
  std::string name;
  std::string value;
};

struct Request {
  std::string id = {};                // of this server, unique; answers carry it as X-Request-Id
  std::string method = {};            // "GET", as it came: methods know upper and lower case
  std::string target = {};            // as it came: "/v1/models/a%2Fb?limit=3"
  std::string path = {};              // decoded, valid UTF-8: "/v1/models/a/b"
  std::vector<Parameter> query = {};  // decoded, in order
  std::vector<Parameter> path_params = {};  // what a Router's {names} stood for, decoded
  Headers headers = {};
  std::string body = {};
  std::string remote_address = {};  // of the other end of the socket: "127.0.0.1"
  bool tls = false;
  int minor_version = 1;  // HTTP/1.0 or HTTP/1.1

  // The first of that name, or null.
  const std::string* Query(std::string_view name) const;
  const std::string* PathParam(std::string_view name) const;
};

// Content-Length, Transfer-Encoding, Date and X-Request-Id are the transport's to write; so is
// Connection, except that "Connection: close" is heeded.
struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};
};

// "Not Found"; "Unknown" for a status that has no name.
std::string_view StatusText(int status);

// "%41b" -> "Ab"; with `plus_is_space` also "a+b" -> "a b". nullopt: a % without two hex digits, a
// zero byte, or bytes that are no UTF-8.
std::optional<std::string> PercentDecode(std::string_view text, bool plus_is_space = false);

// Fills path and query from target, of which a scheme and host in front are cut off. False when it
// is none that a server of its own answers.
bool ParseTarget(Request* request);

// The part of a target in front of its query, still encoded.
std::string_view PathOfTarget(std::string_view target);

}  // namespace retort::net

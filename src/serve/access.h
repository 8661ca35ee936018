// Who may ask: keys, and which hosts and pages a request may come through.
//
//   Access access({.keys = {"secret"}});
//   if (auto refusal = access.Check(request)) ...          // 401 or 403, with what to do
//
// With keys, every path but the probes (/livez, /readyz) needs one: "Authorization: Bearer KEY" or
// "X-Api-Key: KEY". Keys are compared in the same time whatever is wrong with them, and never
// shown. A file of keys, one a line, is read again when it changes; one that cannot be read keeps
// the keys that were there. Without keys a server answers only to names of this machine in Host, so
// that a page elsewhere that lets its own name point here gets nothing. A browser's Origin is
// refused unless it is the server's own or allowed. Errors of construction: kNotFound and kCorrupt
// naming the file. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/request_error.h"
#include "net/http_message.h"
#include "serve/watched_files.h"

namespace retort::serve {

struct AccessOptions {
  std::vector<std::string> keys = {};
  std::string keys_file = {};
  std::vector<std::string> origins = {};  // "https://chat.example.org", or "*"
  std::vector<std::string> hosts = {};    // further names of this server
  bool any_host = false;                  // bound beyond this machine: Host may be anything
};

class Access {
 public:
  explicit Access(AccessOptions options);

  std::optional<api::ErrorReport> Check(const net::Request& request) const;
  // What a browser needs for an allowed origin; empty without one.
  net::Headers CorsHeaders(const net::Request& request) const;
  bool needs_key() const { return needs_key_; }
  // Reads the file of keys if it has changed; whether it has.
  bool Reload();

 private:
  bool KnowsKey(const net::Request& request) const;
  bool AllowsOrigin(const net::Request& request) const;
  bool AllowsHost(const net::Request& request) const;

  AccessOptions options_;
  bool needs_key_;
  WatchedFiles keys_file_;
  mutable std::mutex mutex_;
  std::vector<std::string> file_keys_;
};

}  // namespace retort::serve

// Which handler answers which method and path.
//
//   Router router;
//   router.Add("GET", "/v1/models", ListModels);
//   router.Add("GET", "/v1/models/{id}", ShowModel);       // *request.PathParam("id")
//   router.Add("GET", "/assets/{file...}", ShowAsset);     // the rest of the path, with its
//   slashes HttpServer server(options, router.handler());
//
// A pattern's parts match a part each, before it is decoded: the id "a%2Fb" is one part, "a/b".
// Literal parts go before {names}, those before {rest...}. HEAD is answered by GET's handler,
// OPTIONS with 204 and Allow where no handler takes it; another method is a 405 with Allow, another
// path a 404, both through the error hook.
// Errors of Add: kInvalidArgument for a malformed pattern, or one that is there already (the names
// in braces make no difference). Fill it first; it may then be used from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_error.h"
#include "net/http_server.h"

namespace retort::net {

struct Route {
  std::string method;
  std::string pattern;
};

class Router {
 public:
  explicit Router(ErrorHook error_response = ErrorResponse);

  void Add(std::string_view method, std::string_view pattern, Handler handler);

  void Handle(Request request, std::shared_ptr<Responder> responder) const;
  // Handle as a function; the router must outlive it.
  Handler handler() const;

  // In the order in which they were added.
  std::vector<Route> routes() const;

 private:
  struct Part {
    enum class Kind { kLiteral, kName, kRest } kind;
    std::string text;
  };
  struct Entry {
    Route route;
    std::vector<Part> parts;
    Handler handler;
  };

  static std::vector<Part> ParsePattern(std::string_view pattern);
  static bool Matches(const Entry& entry, const std::vector<std::string_view>& path);
  static bool GoesBefore(const Entry& a, const Entry& b);
  static bool FillParams(const Entry& entry, const std::vector<std::string_view>& path,
                         Request* request);

  ErrorHook error_response_;
  std::vector<Entry> entries_;
};

}  // namespace retort::net

// Any bytes as what a client sends: read whole and in pieces, whose lengths the first byte seeds.
// What comes out must keep the limits, be the same requests either way, and go through the router
// and the assets without harm.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "net/request_reader.h"
#include "net/router.h"
#include "net/static_assets.h"
#include "net/test_responder.h"

namespace {

using retort::net::Request;
using retort::net::RequestReader;
using State = RequestReader::State;

constexpr retort::net::RequestLimits kLimits = {
    .target_bytes = 200, .header_bytes = 2000, .body_bytes = 300};

struct Outcome {
  std::vector<Request> requests;
  State end = State::kStart;
};

// As a connection reads: what is not used up comes again, with more behind it.
template <class NextLength>
Outcome Read(std::string_view bytes, NextLength next_length) {
  RequestReader reader(kLimits);
  Outcome outcome;
  std::string input;
  while (!bytes.empty() && reader.state() != State::kRefused) {
    const size_t length = std::min(bytes.size(), next_length());
    input += bytes.substr(0, length);
    bytes.remove_prefix(length);
    for (bool again = true; again;) {
      const State before = reader.state();
      const size_t used = reader.Feed(input);
      RETORT_CHECK(used <= input.size());
      input.erase(0, used);
      again = reader.state() == State::kBody && before != State::kBody;
      if (reader.state() == State::kDone) {
        outcome.requests.push_back(reader.Take());
        again = true;
      }
    }
    RETORT_CHECK(input.size() <= kLimits.header_bytes + length);
  }
  outcome.end = reader.state();
  if (outcome.end == State::kRefused) {
    RETORT_CHECK(reader.error().status >= 400 && reader.error().status < 600);
    RETORT_CHECK(!reader.error().message.empty());
  }
  return outcome;
}

void Check(const Request& request) {
  RETORT_CHECK(!request.method.empty());
  RETORT_CHECK(request.target.size() <= kLimits.target_bytes);
  RETORT_CHECK(request.body.size() <= kLimits.body_bytes);
  RETORT_CHECK(retort::ValidUtf8Prefix(request.path) == request.path.size());
  RETORT_CHECK(
      request.headers.Count("Content-Length") + request.headers.Count("Transfer-Encoding") <= 1);
  for (const auto& header : request.headers) {
    RETORT_CHECK(header.value.find_first_of("\r\n") == std::string::npos);
  }
}

void Answer(const Request& request) {
  using namespace retort::net;
  static const auto answer = [](const Request&, const std::shared_ptr<Responder>& responder) {
    responder->Send({});
  };
  static const Router router = [] {
    Router made;
    made.Add("GET", "/v1/models/{id}", answer);
    made.Add("GET", "/{rest...}", answer);
    made.Add("POST", "/", answer);
    return made;
  }();
  const auto responder = std::make_shared<RecordedResponder>();
  router.Handle(request, responder);
  RETORT_CHECK(responder->response.status != 0);
  StaticAssets assets;
  assets.Add("/", {.bytes = "page", .gzip = "packed"});
  assets.Find(request);
}

bool Same(const Request& a, const Request& b) {
  return a.method == b.method && a.target == b.target && a.body == b.body &&
         std::ranges::equal(a.headers, b.headers, [](const auto& left, const auto& right) {
           return left.name == right.name && left.value == right.value;
         });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Outcome whole = Read(bytes, [&] { return bytes.size(); });
  retort::Rng rng(size > 0 ? data[size / 2] : 0);
  const Outcome pieces = Read(bytes, [&] { return static_cast<size_t>(rng.Int(1, 9)); });
  // An error may be seen earlier or later, but no other request may come of it.
  RETORT_CHECK(whole.requests.size() == pieces.requests.size());
  for (size_t i = 0; i < whole.requests.size(); ++i) {
    RETORT_CHECK(Same(whole.requests[i], pieces.requests[i]));
    Check(whole.requests[i]);
    Answer(whole.requests[i]);
  }
  return 0;
}

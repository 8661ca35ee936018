#include "net/request_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace retort::net {
namespace {

using State = RequestReader::State;

// All requests that come out when the bytes arrive in pieces of that size.
std::vector<Request> ReadAll(const std::string& bytes, size_t piece, State* end) {
  RequestReader reader(RequestLimits{});
  std::vector<Request> requests;
  std::string input;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    input += bytes.substr(at, piece);
    for (;;) {
      const State before = reader.state();
      const size_t used = reader.Feed(input);
      input.erase(0, used);
      if (reader.state() == State::kDone) {
        requests.push_back(reader.Take());
      } else if (reader.state() != State::kBody || before == State::kBody) {
        break;
      }
    }
  }
  *end = reader.state();
  return requests;
}

TEST(RequestReader, GivesTheSameRequestsHoweverBytesAreCut) {
  const std::string bytes =
      "\r\nGET /a?b=%20 HTTP/1.1\r\nHost:  h \r\nX-Empty:\r\n\r\n"
      "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello\r\n"
      "POST /c HTTP/1.1\r\nhost: h\r\nTRANSFER-encoding: Chunked\r\n\r\n"
      "5;a=\"b;c\"\r\nhello\r\n00006\r\n world\r\n0;x\r\nT: 1\r\n\r\n"
      "DELETE /d HTTP/1.0\r\n\r\n";
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    State end = State::kRefused;
    const std::vector<Request> requests = ReadAll(bytes, piece, &end);
    ASSERT_EQ(requests.size(), 4u) << "pieces of " << piece;
    EXPECT_EQ(end, State::kStart);
    EXPECT_EQ(*requests[0].Query("b"), " ");
    EXPECT_EQ(requests[0].headers.Get("host"), "h");
    EXPECT_EQ(*requests[0].headers.Find("x-empty"), "");
    EXPECT_EQ(requests[1].body, "hello");
    EXPECT_EQ(requests[2].body, "hello world");
    EXPECT_EQ(requests[2].headers.Find("T"), nullptr);
    EXPECT_EQ(requests[3].method, "DELETE");
    EXPECT_EQ(requests[3].minor_version, 0);
    EXPECT_EQ(requests[3].body, "");
  }
}

TEST(RequestReader, StopsBehindTheHeadersOfARequestWithABody) {
  RequestReader reader(RequestLimits{});
  const std::string head =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(reader.Feed(head + "ab"), head.size());
  EXPECT_EQ(reader.state(), State::kBody);
  EXPECT_TRUE(reader.expects_continue());
  EXPECT_EQ(reader.Feed(""), 0u);
  EXPECT_EQ(reader.state(), State::kBody);
  EXPECT_EQ(reader.Feed("abX"), 2u) << "what follows is not part of it";
  EXPECT_EQ(reader.state(), State::kDone);
  EXPECT_EQ(reader.Take().body, "ab");
  EXPECT_EQ(reader.state(), State::kStart);
  EXPECT_FALSE(reader.expects_continue());
}

TEST(RequestReader, KnowsWhichConnectionsAreKept) {
  const auto keeps = [](const std::string& version, const std::string& header) {
    RequestReader reader(RequestLimits{});
    reader.Feed("GET / HTTP/" + version + "\r\nHost: h\r\n" + header + "\r\n");
    EXPECT_EQ(reader.state(), State::kDone) << header;
    return reader.keep_alive();
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_FALSE(keeps("1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: TE, close\r\n"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Connection: keep-alive\r\n"));
}

TEST(RequestReader, TakesNoMemoryForABodyThatIsOnlyDeclared) {
  RequestReader reader({.body_bytes = size_t{1} << 40});
  reader.Feed("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000\r\n\r\n");
  EXPECT_EQ(reader.state(), State::kBody);
  reader.Feed("some");
  EXPECT_EQ(reader.state(), State::kBody);
}

}  // namespace
}  // namespace retort::net

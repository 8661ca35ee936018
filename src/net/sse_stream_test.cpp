#include "net/sse_stream.h"

#include <gtest/gtest.h>

#include <memory>

#include "net/test_responder.h"

namespace retort::net {
namespace {

TEST(SseStream, WritesLinesOfDataAsTheFormatAsks) {
  EXPECT_EQ(FormatSseEvent("a"), "data: a\n\n");
  EXPECT_EQ(FormatSseEvent(""), "data: \n\n");
  EXPECT_EQ(FormatSseEvent("a\nb"), "data: a\ndata: b\n\n");
  EXPECT_EQ(FormatSseEvent("a\r\nb\rc\n"), "data: a\ndata: b\ndata: c\ndata: \n\n");
  EXPECT_EQ(FormatSseEvent("\n\n"), "data: \ndata: \ndata: \n\n");
  EXPECT_EQ(FormatSseEvent("a", {.event = "delta", .id = "7"}), "event: delta\nid: 7\ndata: a\n\n");
}

TEST(SseStream, NoNameOrCommentBeginsAnEventOfItsOwn) {
  EXPECT_EQ(FormatSseEvent("a", {.event = "x\ndata: evil", .id = "1\r2"}),
            "event: x data: evil\nid: 1 2\ndata: a\n\n");
  EXPECT_EQ(FormatSseComment("a\n\nb"), ": a  b\n\n");
}

TEST(SseStream, StartsAnswersThatProxiesDoNotHoldBack) {
  const auto answer = std::make_shared<RecordedResponder>();
  SseStream stream(answer, {.headers = {{"X-Model", "m"}}, .ping_seconds = 15});
  EXPECT_EQ(answer->response.status, 200);
  EXPECT_EQ(answer->response.headers.Get("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(answer->response.headers.Get("Cache-Control"), "no-cache");
  EXPECT_EQ(answer->response.headers.Get("X-Accel-Buffering"), "no");
  EXPECT_EQ(answer->response.headers.Get("X-Model"), "m");
  EXPECT_EQ(answer->heartbeat, ": ping\n\n");
  EXPECT_EQ(answer->heartbeat_seconds, 15);
  EXPECT_TRUE(stream.Send("one\ntwo"));
  EXPECT_TRUE(stream.Comment("hm"));
  EXPECT_TRUE(stream.End());
  ASSERT_EQ(answer->pieces.size(), 2u) << "an event is one piece";
  EXPECT_EQ(answer->pieces[0], "data: one\ndata: two\n\n");
  EXPECT_EQ(answer->pieces[1], ": hm\n\n");
  EXPECT_TRUE(answer->ended);
}

}  // namespace
}  // namespace retort::net

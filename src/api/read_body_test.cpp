#include "api/read_body.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

Refusal RefusalOfBody(const std::string& text, const RequestLimits& limits = {}) {
  return RefusalOf([&] { ReadBody(text, limits); });
}

TEST(ReadBody, ReadsAnObject) {
  EXPECT_EQ(Body(R"({"a": [1, {"b": "\ud83d\ude00"}]})").dump(),
            "{\"a\":[1,{\"b\":\"\xF0\x9F\x98\x80\"}]}");
}

TEST(ReadBody, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "nul", "{\"a\": 1} x", "{'a': 1}", "{\"a\": NaN}",
                           "{\"a\": 1e999}", "{\"a\": \"\xC3\"}", "\xFF\xFE{}"})
    EXPECT_NE(RefusalOfBody(text).message, "") << text;
  EXPECT_EQ(RefusalOfBody("{\"a\": nul}").message,
            "the body: not JSON at column 10: '}'; send a JSON object");
}

TEST(ReadBody, RefusesLoneSurrogates) {
  for (const char* text : {R"({"a": "\ud800"})", R"({"a": "\udc00"})", R"({"\ud800x": 1})"})
    EXPECT_NE(RefusalOfBody(text).message, "") << text;
}

TEST(ReadBody, RefusesAKeyThatComesTwice) {
  EXPECT_NE(RefusalOfBody(R"({"a": 1, "a": 2})").message.find("twice"), std::string::npos);
}

TEST(ReadBody, RefusesWhatIsNoObject) {
  EXPECT_EQ(RefusalOfBody("[1]").message, "the body is an array of 1; give an object");
}

TEST(ReadBody, BoundsNesting) {
  const auto nested = [](int depth) {
    std::string text = "{\"a\": " + std::string(static_cast<size_t>(depth), '[');
    return text + std::string(static_cast<size_t>(depth), ']') + "}";
  };
  EXPECT_EQ(RefusalOfBody(nested(3), {.max_depth = 4}).message, "");
  const Refusal refusal = RefusalOfBody(nested(4), {.max_depth = 4});
  EXPECT_EQ(refusal.param, "a[0][0][0]");
  EXPECT_NE(RefusalOfBody(nested(100'000)).message, "");
}

TEST(ReadBody, BoundsArrays) {
  EXPECT_EQ(RefusalOfBody(R"({"a": {"b": [1, 2, 3]}})", {.max_array = 2}).param, "a.b");
  EXPECT_EQ(RefusalOfBody(R"({"a": {"b": [1, 2]}})", {.max_array = 2}).message, "");
}

}  // namespace
}  // namespace retort::api

#include "api/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace retort::api {
namespace {

TEST(JsonText, IsOneLineWhateverTheBytes) {
  EXPECT_EQ(JsonText({{"a", "x\n"}, {"b", {1, 2.5}}}), R"({"a":"x\n","b":[1,2.5]})");
  EXPECT_EQ(JsonText({{"a", "caf\xC3"}}), "{\"a\":\"caf\xEF\xBF\xBD\"}");
}

TEST(JsonText, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(ReplacedUtf8("caf\xC3\xA9"), "caf\xC3\xA9");
  EXPECT_EQ(ReplacedUtf8("\xC3"), "\xEF\xBF\xBD");
  EXPECT_EQ(ReplacedUtf8("a\xFF\xA9z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(ReplacedUtf8(""), "");
}

TEST(JsonText, CountsCharactersWhereTheyBegin) {
  EXPECT_EQ(CharactersIn("abc"), 3);
  EXPECT_EQ(CharactersIn("\xC3\xA9"), 1);
  EXPECT_EQ(CharactersIn("\xC3") + CharactersIn("\xA9"), 1);
}

}  // namespace
}  // namespace retort::api

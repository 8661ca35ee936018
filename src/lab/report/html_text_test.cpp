#include "lab/report/html_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace retort {
namespace {

TEST(HtmlTextTest, MarkupBecomesText) {
  EXPECT_EQ(EscapeHtml("<b a='1' c=\"2\">&amp;</b>"),
            "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;");
  EXPECT_EQ(EscapeHtml("x\ty\nz 求 é 😀"), "x\ty\nz 求 é 😀");
}

TEST(HtmlTextTest, WhatHtmlCannotHoldIsReplaced) {
  EXPECT_EQ(EscapeHtml(std::string_view("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(EscapeHtml("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(EscapeHtml("\x7f"), "\uFFFD");
  EXPECT_EQ(EscapeHtml("\xc2\x85"), "\uFFFD");      // C1
  EXPECT_EQ(EscapeHtml("\xef\xbf\xbf"), "\uFFFD");  // U+FFFF
  EXPECT_EQ(EscapeHtml("\xff"), "\uFFFD");
  EXPECT_EQ(EscapeHtml("\xed\xa0\x80x").back(), 'x');  // a surrogate
  EXPECT_EQ(EscapeHtml("\xe6\xb1"), "\uFFFD");         // cut inside a character
}

TEST(HtmlTextTest, WritingDirectionCannotBeOverridden) {
  EXPECT_EQ(EscapeHtml("a\u202Eb"), "a\uFFFDb");
  EXPECT_EQ(CleanText("<\u2067>"), "<\uFFFD>");
}

TEST(HtmlTextTest, JsonCannotEndItsScript) {
  const nlohmann::json data = {{"</script>", "<!-- <script> ]]> & \u2028 \xff"}};
  const std::string text = JsonForScript(data);
  EXPECT_EQ(text.find('<'), std::string::npos);
  EXPECT_EQ(text.find('>'), std::string::npos);
  EXPECT_EQ(text.find('&'), std::string::npos);
  const nlohmann::json read = nlohmann::json::parse(text);
  EXPECT_EQ(read["</script>"], "<!-- <script> ]]> & \u2028 \uFFFD");
}

}  // namespace
}  // namespace retort

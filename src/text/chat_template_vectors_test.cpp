// Chat templates against Jinja2 as Hugging Face sets it up: the repository's own cases always, real
// models' templates where the shared data is.
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "base/error.h"
#include "text/chat_template.h"
#include "text/test_data.h"

namespace retort {
namespace {

using nlohmann::ordered_json;

RenderOptions At20250120() {
  std::tm now = {};
  now.tm_year = 125;
  now.tm_mday = 20;
  now.tm_wday = 1;
  now.tm_yday = 19;
  return {.now = now};
}

ordered_json VariablesOf(const ordered_json& row) {
  ordered_json variables = {{"messages", row.at("messages")},
                            {"tools", row.at("tools")},
                            {"add_generation_prompt", row.at("add_generation_prompt")}};
  variables.update(row.at("special"));
  variables.update(row.at("kwargs"));
  return variables;
}

TEST(ChatTemplateVectors, RealTemplatesRenderAsInJinja) {
  const std::string golden = SharedData("data/templates/golden.jsonl");
  if (golden.empty()) GTEST_SKIP() << kNoSharedData;
  std::map<std::string, std::unique_ptr<ChatTemplate>> templates;
  int rendered = 0, refused = 0;
  for (const std::string& line : ReadLines(golden)) {
    const auto row = ordered_json::parse(line);
    const auto name = row.at("template").get<std::string>();
    auto& chat = templates[name];
    if (!chat) {
      const std::string path = SharedData("data/templates/" + name + ".jinja");
      chat = std::make_unique<ChatTemplate>(ReadFile(path), name);
    }
    try {
      const std::string text = chat->Render(VariablesOf(row), At20250120());
      ASSERT_TRUE(row.contains("rendered")) << line << "\nrendered: " << text;
      EXPECT_EQ(text, row.at("rendered").get<std::string>()) << name << " " << row.at("case");
      ++rendered;
    } catch (const Error& error) {
      ASSERT_TRUE(row.contains("error")) << error.what() << "\n" << line;
      const auto expected = row.at("error").get<std::string>();
      const std::string message = expected.substr(expected.find(": ") + 2), got = error.what();
      if (expected.starts_with("TemplateError")) {
        EXPECT_EQ(got, message) << "the template's own words";
      } else {
        EXPECT_TRUE(got.ends_with(": " + message)) << got << "\n" << message;
        EXPECT_TRUE(got.starts_with(name + ": template line ")) << got;
      }
      ++refused;
    }
  }
  EXPECT_EQ(rendered, 244);
  EXPECT_EQ(refused, 10);
}

TEST(ChatTemplateVectors, EachConstructDoesWhatItDoesInJinja) {
  const auto lines = ReadLines(TestData("text/template_cases.jsonl"));
  ASSERT_GT(lines.size(), 500u);
  const auto variables = ordered_json::parse(lines[0]).at("variables");
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto row = ordered_json::parse(lines[i]);
    const auto source = row.at("template").get<std::string>();
    try {
      const std::string text = ChatTemplate(source, "case").Render(variables, At20250120());
      EXPECT_TRUE(row.contains("rendered")) << source << "\nrendered: " << text;
      EXPECT_EQ(text, row.value("rendered", "")) << source;
    } catch (const Error& error) {
      ASSERT_TRUE(row.contains("error")) << source << "\n" << error.what();
      const auto expected = row.at("error").get<std::string>();
      EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << source << "\n"
                                                                             << error.what() << "\n"
                                                                             << expected;
    }
  }
}

}  // namespace
}  // namespace retort

#include "cli/chat_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

class ChatFileTest : public testing::Test {
 protected:
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  std::string Refusal() {
    try {
      LoadChat(path_, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  TempDir dir_;
  std::string path_ = dir_.File("chat.json");
};

TEST_F(ChatFileTest, LoadsWhatWasSaved) {
  const Json messages = {{{"role", "system"}, {"content", "Be brief."}},
                         {{"role", "user"}, {"content", "1 + 1? \xff"}},
                         {{"role", "assistant"}, {"content", "二"}}};
  GenerationOptions options;
  options.sampling.temperature = 0.25;
  options.stop = {"\n"};
  SaveChat(path_, "r1.gguf", options, messages);
  const SavedChat chat = LoadChat(path_, {});
  EXPECT_EQ(chat.model, "r1.gguf");
  EXPECT_EQ(chat.options.sampling.temperature, 0.25);
  EXPECT_EQ(chat.options.stop, options.stop);
  ASSERT_EQ(chat.messages->size(), 3u);
  EXPECT_EQ((*chat.messages)[1]["content"], "1 + 1? \xEF\xBF\xBD");
  EXPECT_EQ((*chat.messages)[2]["content"], "二");
}

TEST_F(ChatFileTest, SettingsThatAreNotNamedStayAsTheyAre) {
  Write(R"({"schema": "retort.chat/1", "settings": {"top_k": 3}, "messages": []})");
  GenerationOptions base;
  base.max_tokens = 99;
  const SavedChat chat = LoadChat(path_, base);
  EXPECT_EQ(chat.options.sampling.top_k, 3);
  EXPECT_EQ(chat.options.max_tokens, 99);
}

TEST_F(ChatFileTest, WhatIsNoSavedChatIsRefused) {
  for (const char* text : {"", "[]", "{", R"({"schema": "other"})", "\xff\xfe"}) {
    Write(text);
    EXPECT_NE(Refusal().find("is no saved chat"), std::string::npos) << text;
  }
  Write(R"({"schema": "retort.chat/1"})");
  EXPECT_NE(Refusal().find("messages is no list"), std::string::npos);
  Write(R"({"schema": "retort.chat/1", "messages": [{"role": "user"}]})");
  EXPECT_NE(Refusal().find("messages[0]"), std::string::npos);
  Write(R"({"schema": "retort.chat/1", "messages": [], "settings": {"top_p": 7}})");
  EXPECT_NE(Refusal().find("top_p"), std::string::npos);
}

TEST_F(ChatFileTest, MissingFilesAndFoldersAreNamed) {
  EXPECT_NE(Refusal().find("cannot read " + path_), std::string::npos);
  try {
    SaveChat(dir_.File("no/such/folder.json"), "m", {}, Json::array());
    ADD_FAILURE() << "saved into a folder that is not there";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("cannot write"), std::string::npos);
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

}  // namespace
}  // namespace retort

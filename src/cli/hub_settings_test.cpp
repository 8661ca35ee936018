#include "cli/hub_settings.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "tests/support/temp_dir.h"

namespace retort {
namespace {

HubSettings ReadSettingsOf(std::map<std::string, std::string> variables) {
  variables.emplace("HOME", "/h");
  return ReadSettings([&](const char* name) { return variables[name]; });
}

TEST(HubSettings, TheFoldersAreThoseOfHuggingFacesTools) {
  EXPECT_EQ(ReadSettingsOf({}).cache, "/h/.cache/huggingface/hub");
  EXPECT_EQ(ReadSettingsOf({{"XDG_CACHE_HOME", "/x"}}).cache, "/x/huggingface/hub");
  EXPECT_EQ(ReadSettingsOf({{"HF_HOME", "~/models"}, {"XDG_CACHE_HOME", "/x"}}).cache,
            "/h/models/hub");
  EXPECT_EQ(ReadSettingsOf({{"HF_HUB_CACHE", "/c"}, {"HF_HOME", "/m"}}).cache, "/c");
}

TEST(HubSettings, TheVariableThatChoseTheFolderIsKnown) {
  EXPECT_EQ(ReadSettingsOf({}).cache_chosen_by, "");
  EXPECT_EQ(ReadSettingsOf({{"XDG_CACHE_HOME", "/x"}}).cache_chosen_by, "XDG_CACHE_HOME");
  EXPECT_EQ(ReadSettingsOf({{"HF_HOME", "/m"}, {"XDG_CACHE_HOME", "/x"}}).cache_chosen_by,
            "HF_HOME");
  EXPECT_EQ(ReadSettingsOf({{"HF_HUB_CACHE", "/c"}, {"HF_HOME", "/m"}}).cache_chosen_by,
            "HF_HUB_CACHE");
}

TEST(HubSettings, EndpointAndOffline) {
  EXPECT_EQ(ReadSettingsOf({}).endpoint, "https://huggingface.co");
  EXPECT_EQ(ReadSettingsOf({{"HF_ENDPOINT", "https://mirror/"}}).endpoint, "https://mirror");
  EXPECT_FALSE(ReadSettingsOf({{"HF_HUB_OFFLINE", "0"}}).offline);
  for (const char* yes : {"1", "ON", "Yes", "true"}) {
    EXPECT_TRUE(ReadSettingsOf({{"HF_HUB_OFFLINE", yes}}).offline) << yes;
  }
}

TEST(HubSettings, TheTokenIsTheVariablesOrTheFiles) {
  const TempDir dir;
  std::ofstream(dir.File("token")) << " hf_file \n";
  std::ofstream(dir.File("other")) << "hf_other";
  EXPECT_EQ(ReadSettingsOf({}).token, "");
  EXPECT_EQ(ReadSettingsOf({{"HF_HOME", dir.path()}}).token, "hf_file");
  EXPECT_EQ(ReadSettingsOf({{"HF_HOME", dir.path()}, {"HF_TOKEN", "hf_variable\n"}}).token,
            "hf_variable");
  EXPECT_EQ(ReadSettingsOf({{"HF_TOKEN_PATH", dir.File("other")}}).token, "hf_other");
  EXPECT_EQ(ReadSettingsOf({{"HF_TOKEN", "hf_x"}, {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"}}).token,
            "");
}

TEST(HubSettings, PathsAndNamesAreToldApart) {
  const TempDir dir;
  std::ofstream(dir.File("plain")) << "x";
  for (const std::string& path :
       {dir.File("plain"), dir.path(), std::string("gone.gguf"), std::string("./gone"),
        std::string("a/b"), std::string("chat.jinja")}) {
    EXPECT_TRUE(IsPath(path)) << path;
  }
  for (const char* name : {"r1-distill-qwen-1.5b", "r1-distill-qwen-1.5b:q8_0", "hf:a/b",
                           "hf:a/b:c.gguf", "https://h/a.gguf", "hf.co/a/b"}) {
    EXPECT_FALSE(IsPath(name)) << name;
  }
}

}  // namespace
}  // namespace retort

#include "cli/config_flag.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class ConfigFlagTest : public testing::Test {
 protected:
  ConfigFlagTest() {
    CLI::App& serve = *app_.add_subcommand("serve");
    AddConfigFlag(serve);
    serve.add_option("model", models_)->required();
    serve.add_option("--port", port_)->check(CLI::Range(0, 65535));
    serve.add_flag("--strict", strict_);
    serve.add_flag("!--no-preload", preload_);
  }

  // With a file of this text.
  void Parse(const std::string& text, std::vector<std::string> arguments) {
    const std::string file = folder_.path() + "/serve.conf";
    std::ofstream(file) << text;
    arguments.insert(arguments.begin(), {"serve", "--config", file});
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app_.parse(arguments);
  }
  std::string Refusal(const std::string& text) {
    try {
      Parse(text, {"a.gguf"});
    } catch (const CLI::ParseError& error) {
      EXPECT_NE(error.get_exit_code(), 0);
      return error.what();
    }
    return "";
  }

  TempDir folder_;
  CLI::App app_;
  std::vector<std::string> models_;
  int port_ = 7860;
  bool strict_ = false, preload_ = true;
};

TEST_F(ConfigFlagTest, SetsFlags) {
  Parse("# a comment\nport = 8080\nstrict = true\nno-preload = true\n", {"a.gguf"});
  EXPECT_EQ(port_, 8080);
  EXPECT_TRUE(strict_);
  EXPECT_FALSE(preload_);
}

TEST_F(ConfigFlagTest, TheCommandLineWins) {
  Parse("port = 8080\n", {"a.gguf", "--port", "9090"});
  EXPECT_EQ(port_, 9090);
}

TEST_F(ConfigFlagTest, MayNameTheModels) {
  Parse("model = [\"r1=a.gguf\", \"b.gguf\"]\n", {});
  EXPECT_EQ(models_, std::vector<std::string>({"r1=a.gguf", "b.gguf"}));
}

TEST_F(ConfigFlagTest, RefusesWhatIsNoSettingByItsName) {
  EXPECT_NE(Refusal("prot = 8080\n").find("retort serve has no setting prot"), std::string::npos);
  EXPECT_NE(Refusal("config = other.conf\n").find("no setting config"), std::string::npos);
  EXPECT_NE(Refusal("[section]\nport = 1\n").find("section"), std::string::npos);
}

TEST_F(ConfigFlagTest, ChecksValuesAsOnTheCommandLine) {
  EXPECT_NE(Refusal("port = 70000\n").find("70000"), std::string::npos);
  EXPECT_NE(Refusal("port = high\n"), "");
  EXPECT_NE(Refusal("strict = perhaps\n"), "");
}

TEST_F(ConfigFlagTest, AFileThatIsNotThereIsAnError) {
  EXPECT_THROW(app_.parse("serve --config " + folder_.path() + "/absent.conf a.gguf"),
               CLI::ParseError);
}

}  // namespace
}  // namespace retort

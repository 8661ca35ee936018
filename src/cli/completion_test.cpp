#include "cli/completion.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/man_page.h"

namespace retort {
namespace {

// A program with what completion has to tell apart.
class CommandTreeTest : public testing::Test {
 protected:
  CommandTreeTest() {
    CLI::App* run = app_.add_subcommand("run", "Chat with a model");
    run->add_option("file", file_, "Model file")->required();
    run->add_option("--backend", backend_, "What computes, it's said")
        ->check(CLI::IsMember({"cpu", "reference"}));
    run->add_option("-o,--output", file_, "Where to")->type_name("FILE");
    run->add_flag("--json", json_, "As JSON");
    run->footer("Examples:\n  .retort run 'a' \\");
    CLI::App* runs = app_.add_subcommand("runs", "Stored runs");
    runs->add_subcommand("list", "List them");
    app_.add_subcommand("worker", "Hidden")->group("");
  }

  CLI::App app_{"A program", "retort"};
  std::string file_, backend_;
  bool json_ = false;
};

TEST_F(CommandTreeTest, DescribesCommandsAndFlags) {
  const CommandInfo program = DescribeCommand(app_);
  ASSERT_EQ(program.subcommands.size(), 2u);
  const CommandInfo& run = program.subcommands[0];
  ASSERT_EQ(run.positionals.size(), 1u);
  EXPECT_EQ(run.positionals[0].value, "file");
  EXPECT_TRUE(run.positionals[0].required);
  EXPECT_TRUE(run.positionals[0].takes_file);
  ASSERT_EQ(run.options.size(), 4u);  // --help is one of them
  EXPECT_EQ(run.options[1].choices, (std::vector<std::string>{"cpu", "reference"}));
  EXPECT_EQ(run.options[2].names, (std::vector<std::string>{"-o", "--output"}));
  EXPECT_TRUE(run.options[2].takes_file);
  EXPECT_EQ(run.options[3].value, "");
  EXPECT_EQ(program.subcommands[1].subcommands[0].name, "list");
}

TEST_F(CommandTreeTest, TheManualPageHoldsEveryCommandAndEscapesText) {
  const std::string page = ManPage(DescribeCommand(app_), "1.2");
  for (const char* part :
       {".TH RETORT 1 \"\" \"retort 1.2\"", ".SS \"retort run\"", ".SS \"retort runs list\"",
        "\\-\\-backend", "; one of cpu, reference", "Examples:\n  .retort run 'a' \\e"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part << "\n" << page;
  }
  EXPECT_EQ(page.find("worker"), std::string::npos);
  EXPECT_EQ(page.find("\n'"), std::string::npos);
}

TEST_F(CommandTreeTest, ScriptsLeaveOutHiddenCommands) {
  const CommandInfo program = DescribeCommand(app_);
  for (const std::string& script :
       {BashCompletion(program), ZshCompletion(program), FishCompletion(program)}) {
    EXPECT_NE(script.find("runs"), std::string::npos);
    EXPECT_NE(script.find("reference"), std::string::npos);
    EXPECT_EQ(script.find("worker"), std::string::npos);
  }
}

}  // namespace
}  // namespace retort

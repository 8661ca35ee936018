// The program's entry: parses the command line and hands over to one file per subcommand. The only
// layer that prints, exits and reads the environment.
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "base/version.h"
#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app{"Retort: run, measure and compare reasoning models on your own machine"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("retort ") + retort::kVersion);
  retort::AddCompareCommand(app);
  retort::AddRunCommand(app);
  retort::AddServeCommand(app);
  retort::AddPsCommand(app);
  retort::AddStopCommand(app);
  retort::AddBenchCommand(app);
  retort::AddPullCommand(app);
  retort::AddListCommand(app);
  retort::AddRmCommand(app);
  retort::AddShowCommand(app);
  retort::AddRunsCommand(app);
  retort::AddDoctorCommand(app);
  retort::AddTokenizeCommand(app);
  retort::AddTemplateCommand(app);
  retort::AddScoreCommand(app);
  retort::AddCompletionCommand(app);
  retort::AddManCommand(app);
  retort::AddMakeModelCommand(app);
  retort::AddGradeCommand(app);
  retort::AddWorkerCommand(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& error) {  // a command's verdict, which it has printed
    return error.get_exit_code();
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "retort: %s\n", error.what());
    return 1;
  }
  return 0;
}

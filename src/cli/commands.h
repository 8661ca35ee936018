// One function per subcommand, each in a file of its own (cmd_<name>.cpp): it declares the flags
// and sets the callback that runs the command. Errors leave as exceptions; main prints them.
#pragma once

namespace CLI {
class App;
}

namespace retort {

void AddCompareCommand(CLI::App& app);
void AddRunCommand(CLI::App& app);
void AddServeCommand(CLI::App& app);
void AddPsCommand(CLI::App& app);
void AddStopCommand(CLI::App& app);
void AddBenchCommand(CLI::App& app);
void AddPullCommand(CLI::App& app);
void AddListCommand(CLI::App& app);
void AddRmCommand(CLI::App& app);
void AddShowCommand(CLI::App& app);
void AddRunsCommand(CLI::App& app);
void AddDoctorCommand(CLI::App& app);
void AddTokenizeCommand(CLI::App& app);
void AddTemplateCommand(CLI::App& app);
void AddScoreCommand(CLI::App& app);
void AddCompletionCommand(CLI::App& app);
void AddManCommand(CLI::App& app);
void AddMakeModelCommand(CLI::App& app);
void AddGradeCommand(CLI::App& app);
void AddWorkerCommand(CLI::App& app);

}  // namespace retort

// The chat of `retort run`: reads inputs, answers them, and carries out the commands that begin
// with "/" (see /help).
//
//   Chat(session, lines, flags).Run();
//
// Errors in a turn or a command are printed and the chat lives on. Not thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/conversation.h"
#include "cli/input_assembler.h"
#include "cli/line_source.h"
#include "cli/run_session.h"

namespace retort {

class Chat {
 public:
  Chat(RunSession& session, LineSource& lines, const RunFlags& flags);
  // Until Ctrl-D, /exit, or two Ctrl-C in a row.
  void Run();

 private:
  // A command's name and what it does with the rest of its line.
  struct Command {
    std::string_view name;
    std::string_view arguments;  // as /help shows them
    std::string_view help;
    void (Chat::*run)(const std::string& arguments);
  };
  static const std::vector<Command>& Commands();

  void Greet();
  void Interrupted();
  void Take(const std::string& input);
  void RunCommand(const std::string& input);
  void Ask(const std::string& question);
  void Say(const std::string& text);  // a dim line

  void Help(const std::string&);
  void Set(const std::string& arguments);
  void Show(const std::string&);
  void Reset(const std::string&);
  void Clear(const std::string&);
  void Retry(const std::string&);
  void Save(const std::string& path);
  void Load(const std::string& path);
  void Exit(const std::string&);

  RunSession& session_;
  LineSource& lines_;
  const RunFlags& flags_;
  GenerationOptions options_;
  Conversation conversation_;
  InputAssembler input_;
  bool leaving_ = false;
};

}  // namespace retort

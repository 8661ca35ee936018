#include "cli/chat.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "cli/chat_file.h"
#include "cli/generation_settings.h"
#include "cli/trimmed.h"

namespace retort {
namespace {

// "/set temperature 0.7" as "/set" and "temperature 0.7".
std::pair<std::string, std::string> SplitFirst(const std::string& text) {
  const size_t end = text.find_first_of(kBlank);
  if (end == std::string::npos) return {text, {}};
  return {text.substr(0, end), Trimmed(std::string_view(text).substr(end))};
}

constexpr const char* kKeys =
    "A line that ends with \\ goes on in the next one; so does what stands between two \"\"\".\n"
    "Ctrl-C stops an answer; at the prompt, twice, it leaves.";

}  // namespace

Chat::Chat(RunSession& session, LineSource& lines, const RunFlags& flags)
    : session_(session),
      lines_(lines),
      flags_(flags),
      options_(session.generation()),
      conversation_(flags.system) {}

const std::vector<Chat::Command>& Chat::Commands() {
  static const std::vector<Command> commands = {
      {"/set", "NAME VALUE", "change a setting for the answers to come; alone: what there is",
       &Chat::Set},
      {"/show", "", "the model, the settings, and how much context the chat has used", &Chat::Show},
      {"/reset", "", "settings as they were at the start", &Chat::Reset},
      {"/clear", "", "a new conversation; settings stay", &Chat::Clear},
      {"/retry", "", "another answer to the last question", &Chat::Retry},
      {"/save", "FILE", "keep conversation and settings", &Chat::Save},
      {"/load", "FILE", "go on with a saved one", &Chat::Load},
      {"/help", "", "this", &Chat::Help},
      {"/exit", "", "leave, as Ctrl-D does", &Chat::Exit},
      {"/quit", "", "", &Chat::Exit},
      {"/bye", "", "", &Chat::Exit},
      {"/?", "", "", &Chat::Help},
  };
  return commands;
}

void Chat::Say(const std::string& text) { fmt::print("{}\n", session_.style().Dim(text)); }

void Chat::Greet() {
  const ModelConfig& config = session_.model().config();
  const int64_t context =
      std::min<int64_t>(config.max_position_embeddings, session_.engine().MaxSequenceTokens());
  fmt::print("{}  {}\n", session_.style().Bold(config.name),
             session_.style().Dim(
                 fmt::format("{}, context {}", session_.model().backend().description(), context)));
  Say("/help for what you can type, Ctrl-D to leave");
}

void Chat::Run() {
  Greet();
  while (!leaving_ && !session_.leaving()) {
    if (!input_.open()) std::fputs("\n", stdout);
    const char* mark = input_.open() ? "…" : ">";
    const LineSource::Event event = lines_.Next(session_.style().Bold(mark) + " ");
    if (event.kind == LineSource::Kind::kEnd) break;
    if (event.kind == LineSource::Kind::kInterrupt) {
      Interrupted();
      continue;
    }
    session_.ForgetInterrupts();
    // A paste of several lines is one input, whatever stands at their ends.
    const bool whole = !input_.open() && event.line.find('\n') != std::string::npos;
    const auto input = whole ? std::optional(event.line) : input_.Push(event.line);
    if (input) Take(*input);
  }
  std::fputs("\n", stdout);
}

void Chat::Interrupted() {
  if (input_.open()) {
    input_.Clear();
    return;
  }
  session_.CountInterrupt();
  if (session_.interrupts() > 1) {
    leaving_ = true;
  } else {
    std::fputs("\n", stdout);
    Say("Ctrl-C again or Ctrl-D leaves.");
  }
}

void Chat::Take(const std::string& input) {
  if (Trimmed(input).empty()) return;
  lines_.Remember(input);
  try {
    if (input.starts_with('/')) {
      RunCommand(Trimmed(input));
    } else {
      Ask(input);
    }
  } catch (const Error& error) {
    // The chat lives on: a question may be too long, and the next one is not.
    fmt::print(stderr, "retort: {}\n", error.what());
  }
}

void Chat::RunCommand(const std::string& input) {
  const auto [name, arguments] = SplitFirst(input);
  for (const Command& command : Commands()) {
    if (command.name == name) return (this->*command.run)(arguments);
  }
  // Text such as "/etc/hosts is missing" or code is a question; "/reste" is a slip.
  const bool many_lines = input.find('\n') != std::string::npos;
  if (many_lines || name.find('/', 1) != std::string::npos) return Ask(input);
  Fail(ErrorCode::kInvalidArgument, "there is no command {}; /help lists them", name);
}

void Chat::Ask(const std::string& question) {
  std::fputs("\n", stdout);
  const GenerationResult result = session_.Answer(conversation_, question, options_);
  conversation_.Keep(result);
  std::fputs("\n", stdout);
  Say(AnswerSummary(result) + ".");
}

void Chat::Help(const std::string&) {
  for (const Command& command : Commands()) {
    if (command.help.empty()) continue;
    fmt::print("  {:<18} {}\n", fmt::format("{} {}", command.name, command.arguments),
               command.help);
  }
  Say(kKeys);
}

void Chat::Set(const std::string& arguments) {
  const auto [name, value] = SplitFirst(arguments);
  if (name.empty()) {
    fmt::print("  {:<20} {}\n", "system", "the system message");
    for (const GenerationSettingInfo& info : GenerationSettingInfos())
      fmt::print("  {:<20} {}\n", info.name, info.help);
    Say("/set NAME VALUE changes one, /show tells what they are.");
  } else if (name == "system") {
    conversation_.SetSystem(value);
    Say(value.empty() ? "No system message." : "The system message is set.");
  } else if (value.empty()) {
    Fail(ErrorCode::kInvalidArgument, "/set {} needs a value, such as /set temperature 0.6", name);
  } else {
    SetGenerationSettingFromText(options_, name, value);
    Say(fmt::format("{} is {} from the next answer on.", name, value));
  }
}

void Chat::Show(const std::string&) {
  const ModelConfig& config = session_.model().config();
  const auto line = [](std::string_view name, const std::string& value) {
    fmt::print("  {:<20} {}\n", name, value);
  };
  line("model", fmt::format("{} ({})", config.name, session_.model().path()));
  line("computes on", session_.model().backend().description());
  const std::string& source = session_.model().generation_defaults().source;
  if (!source.empty()) line("defaults from", source);
  const nlohmann::ordered_json settings = GenerationSettingsToJson(options_);
  for (const auto& [name, value] : settings.items())
    line(name, value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (!conversation_.system().empty()) line("system", SafeForTerminal(conversation_.system()));
  const nlohmann::ordered_json& messages = conversation_.messages();
  const size_t tokens =
      messages.empty()
          ? 0
          : session_.model().tokenizer().Encode(session_.generator().RenderChat(messages)).size();
  line("conversation", fmt::format("{} messages, {} of {} tokens", messages.size(), tokens,
                                   std::min<int64_t>(config.max_position_embeddings,
                                                     session_.engine().MaxSequenceTokens())));
}

void Chat::Reset(const std::string&) {
  options_ = session_.generation();
  conversation_.SetSystem(flags_.system);
  Say("Settings are as they were at the start.");
}

void Chat::Clear(const std::string&) {
  conversation_.Clear();
  Say("A new conversation.");
}

void Chat::Retry(const std::string&) {
  const nlohmann::ordered_json before = conversation_.messages();
  const std::optional<std::string> question = conversation_.TakeBack();
  if (!question) Fail(ErrorCode::kInvalidArgument, "there is no question to answer again yet");
  const size_t without = conversation_.messages().size();
  ++options_.sampling.seed;  // the same one would give the same answer
  Ask(*question);
  // The answer there was stays unless a new one took its place.
  if (conversation_.messages().size() == without) conversation_.Replace(before);
}

void Chat::Save(const std::string& path) {
  if (path.empty())
    Fail(ErrorCode::kInvalidArgument, "/save needs a file, such as /save chat.json");
  SaveChat(path, session_.model().path(), options_, conversation_.messages());
  Say(fmt::format("Saved to {}; /load {} goes on from here.", path, path));
}

void Chat::Load(const std::string& path) {
  if (path.empty())
    Fail(ErrorCode::kInvalidArgument, "/load needs a file that /save wrote, such as chat.json");
  const SavedChat chat = LoadChat(path, session_.generation());
  options_ = chat.options;
  conversation_.Replace(*chat.messages);
  Say(fmt::format("{} messages from {}.", conversation_.messages().size(), path));
}

void Chat::Exit(const std::string&) { leaving_ = true; }

}  // namespace retort

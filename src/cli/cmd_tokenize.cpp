// retort tokenize SOURCE: text to token ids and back, JSON lines in and out.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/json_lines.h"
#include "runtime/loaded_model.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct TokenizeFlags {
  std::string source;
  bool decode = false;
  bool no_special_parsing = false;
};

Json Encode(const Tokenizer& tokenizer, const Json& request, bool parse_added) {
  if (!request.contains("text") || !request["text"].is_string()) {
    Fail(ErrorCode::kInvalidArgument, "a line must have a string \"text\"");
  }
  return {{"ids", tokenizer.Encode(request["text"].get<std::string>(), {parse_added})}};
}

Json Decode(const Tokenizer& tokenizer, const Json& request) {
  if (!request.contains("ids") || !request["ids"].is_array()) {
    Fail(ErrorCode::kInvalidArgument, "a line must have an array \"ids\"");
  }
  std::vector<int32_t> ids;
  for (const Json& id : request["ids"]) {
    if (!id.is_number_integer() || id < 0 || id >= tokenizer.size()) {
      Fail(ErrorCode::kInvalidArgument, "ids[{}] is {}, must be an integer from 0 to {}",
           ids.size(), id.dump(), tokenizer.size() - 1);
    }
    ids.push_back(id.get<int32_t>());
  }
  return {{"text", tokenizer.Decode(ids)}};
}

void RunTokenize(const TokenizeFlags& flags) {
  const std::unique_ptr<Tokenizer> tokenizer = LoadTokenizer(ModelPath(flags.source));
  const char* const example = flags.decode ? R"({"ids": [16, 488]})" : R"({"text": "1 + 1"})";
  FailIfAnyFailed(AnswerJsonLines(std::cin, std::cout, example, [&](const Json& request) {
    return flags.decode ? Decode(*tokenizer, request)
                        : Encode(*tokenizer, request, !flags.no_special_parsing);
  }));
}

}  // namespace

void AddTokenizeCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("tokenize", "Text to token ids and back, JSON lines in and out");
  command->footer(
      "Reads {\"text\": …} lines and writes {\"ids\": […]}; with --decode the other way round. No "
      "special\ntokens are added; those written in the text are recognised. A line that cannot be "
      "answered gets\n{\"error\": …} and makes the exit code 1.\n\n"
      "Examples:\n"
      "  echo '{\"text\": \"1 + 1 = 2<|im_end|>\"}' | retort tokenize model.gguf\n"
      "  echo '{\"ids\": [16, 488]}' | retort tokenize model.gguf --decode");
  auto flags = std::make_shared<TokenizeFlags>();
  command
      ->add_option("SOURCE", flags->source,
                   "Model (file, folder or name), tokenizer.json or .json.gz")
      ->required();
  command->add_flag("--decode", flags->decode, "Turn ids into text");
  command->add_flag("--no-special-parsing", flags->no_special_parsing,
                    "Take special tokens in the text as plain text");
  command->callback([flags] { RunTokenize(*flags); });
}

}  // namespace retort

// retort score MODEL: what a model makes of given tokens, JSON lines in and out.
#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/hub_settings.h"
#include "cli/json_lines.h"
#include "cli/score_json.h"
#include "runtime/loaded_model.h"
#include "runtime/scorer.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct ScoreFlags {
  std::string model;
  LoadOptions load;
  std::string role = "prompt";
  int32_t greedy = 0;
  std::string text_file;
  int32_t window = 1024;
};

RowRole RoleOf(const ScoreFlags& flags) {
  return flags.role == "generated" ? RowRole::kGenerated : RowRole::kPrompt;
}

void PrintPerplexity(const ScoreFlags& flags, LoadedModel& model) {
  std::ifstream file(flags.text_file, std::ios::binary);
  if (!file) Fail(ErrorCode::kNotFound, "{}: cannot be read", flags.text_file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::vector<int32_t> ids = model.tokenizer().Encode(text);
  const Perplexity result =
      MeasurePerplexity(model.language_model(), ids, flags.window, RoleOf(flags));
  const Json out = {{"perplexity", result.perplexity},
                    {"standard_error", result.standard_error},
                    {"mean_nll", result.mean_nll},
                    {"tokens", result.tokens},
                    {"window", flags.window}};
  std::cout << out.dump() << std::endl;
}

void RunScore(const ScoreFlags& flags) {
  const std::unique_ptr<LoadedModel> model = LoadModel(ModelPath(flags.model), flags.load);
  if (flags.text_file.empty()) {
    const ScoreJsonOptions options{.role = RoleOf(flags), .greedy = flags.greedy};
    FailIfAnyFailed(
        AnswerJsonLines(std::cin, std::cout, R"({"text": "1 + 1"})",
                        [&](const Json& request) { return ScoreJson(request, *model, options); }));
  } else {
    PrintPerplexity(flags, *model);
  }
}

}  // namespace

void AddScoreCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "score", "Negative log-likelihoods, predictions and logits of given tokens, as JSON lines");
  command->footer(
      "Reads lines {\"ids\": [..]} or {\"text\": \"..\"}, with \"probe_ids\" if wanted, from the\n"
      "standard input and answers each with one line: nll (one per predicted token), mean_nll,\n"
      "argmax (one per position), top (64 [id, logit] pairs at the last position), probe_logits,\n"
      "logsumexp, greedy; or {\"error\"}. With --text, the perplexity of a file instead.");
  const auto flags = std::make_shared<ScoreFlags>();
  command->add_option("MODEL", flags->model, "File, folder, or name of a pulled model")->required();
  AddModelFlags(*command, flags->load);
  command->add_option("--role", flags->role, "Compute the tokens as given or as generated ones")
      ->check(CLI::IsMember({"prompt", "generated"}))
      ->capture_default_str();
  command->add_option("--greedy", flags->greedy, "Continue with this many most likely tokens")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  command->add_option("--text", flags->text_file, "Print the perplexity of this text file");
  command->add_option("--window", flags->window, "Tokens in a window of --text")
      ->check(CLI::Range(2, 1 << 20))
      ->capture_default_str();
  command->callback([flags] { RunScore(*flags); });
}

}  // namespace retort

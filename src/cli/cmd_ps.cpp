// retort ps and retort stop: what a running server has loaded, and unloading it.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/server_client.h"
#include "cli/terminal.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

struct PsFlags {
  std::string url = DefaultServerUrl();
  bool json = false;
  bool ready = false;
};

std::string Mebibytes(int64_t bytes) { return fmt::format("{}", (bytes + (1 << 19)) >> 20); }

std::vector<std::string> RowOf(const Json& model) {
  std::vector<std::string> row = {model["name"], model["state"]};
  if (!model.contains("memory")) return row;
  const Json& memory = model["memory"];
  const auto bytes = [&](const char* name) { return memory.value(name, int64_t{0}); };
  row.push_back(Mebibytes(bytes("weight_bytes") + bytes("workspace_bytes")));
  row.push_back(Mebibytes(bytes("kv_cache_bytes")));
  row.push_back(fmt::format("{}", model.value("context_tokens", int64_t{0})));
  row.push_back(fmt::format("{} + {}", model["requests"].value("running", 0),
                            model["requests"].value("waiting", 0)));
  row.push_back(model["expires_s"].is_null()
                    ? "stays"
                    : FormatDuration(model["expires_s"].get<double>()) + " more");
  return row;
}

void PrintTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<int> widths(rows.front().size());
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const bool is_text = i < 2 || i + 1 == widths.size();
      line += (is_text ? PadRight(row[i], widths[i]) : PadLeft(row[i], widths[i])) + "  ";
    }
    while (line.ends_with(' ')) line.pop_back();
    std::printf("%s\n", SafeForTerminal(line).c_str());
  }
}

void RunPs(const PsFlags& flags) {
  ServerClient server(flags.url, ServerKey());
  if (flags.ready) {
    const int status = server.StatusOf("/readyz");
    if (status != 200)
      Fail(ErrorCode::kUnavailable, "{} is not ready (status {})", flags.url, status);
    return;
  }
  const Json models = server.Get("/retort/v1/models");
  if (flags.json) {
    std::puts(models.dump(2).c_str());
    return;
  }
  std::vector<std::vector<std::string>> rows = {
      {"MODEL", "STATE", "WEIGHTS, MiB", "CACHE, MiB", "CONTEXT", "RUNNING + WAITING", "UNTIL"}};
  for (const Json& model : models["models"]) rows.push_back(RowOf(model));
  PrintTable(rows);
}

struct StopFlags {
  std::string url = DefaultServerUrl();
  std::string model;
};

void RunStop(const StopFlags& flags) {
  ServerClient server(flags.url, ServerKey());
  const Json answer = server.Post("/retort/v1/models/" + EncodePathPart(flags.model) + "/unload");
  const bool was_loaded = answer.value("was_loaded", false);
  std::printf("%s: %s\n", flags.model.c_str(),
              was_loaded ? "unloaded, once nobody uses it" : "was not loaded");
}

}  // namespace

void AddPsCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("ps", "What a running server has loaded");
  const auto flags = std::make_shared<PsFlags>();
  command->add_option("--url", flags->url, "The server; RETORT_URL stands in for it")
      ->capture_default_str();
  command->add_flag("--json", flags->json, "One JSON object");
  command->add_flag("--ready", flags->ready, "Print nothing; 0 if it takes requests, else 1");
  command->footer(
      "Examples:\n"
      "  retort ps\n"
      "  retort ps --url http://gpu.example:7860 --json | jq '.models[].state'\n"
      "A key, if the server wants one, is taken from RETORT_API_KEY.");
  command->callback([flags] { RunPs(*flags); });
}

void AddStopCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("stop", "Unload a model of a running server");
  const auto flags = std::make_shared<StopFlags>();
  command->add_option("model", flags->model, "Its name, as `retort ps` shows it")->required();
  command->add_option("--url", flags->url, "The server; RETORT_URL stands in for it")
      ->capture_default_str();
  command->footer(
      "What is being answered is finished first; the next request for it loads it again.\n"
      "The server itself ends at Ctrl-C or SIGTERM.\n\n"
      "Examples:\n"
      "  retort stop r1");
  command->callback([flags] { RunStop(*flags); });
}

}  // namespace retort

// retort pull MODEL: brings a model into the cache that Hugging Face's tools use too.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/quote.h"
#include "cli/commands.h"
#include "cli/hub_settings.h"
#include "cli/pull_progress.h"
#include "cli/show_text.h"
#include "hub/pull.h"
#include "hub/pull_events.h"

namespace retort {
namespace {

constexpr const char* kPullExamples =
    "Examples:\n"
    "  retort pull r1-distill-qwen-1.5b                     a model of the catalogue\n"
    "  retort pull r1-distill-qwen-1.5b:q8_0                in another precision\n"
    "  retort pull hf:ORG/REPO                              safetensors, or a GGUF of Q4_K_M\n"
    "  retort pull hf:ORG/REPO:q8_0                         or :FILE\n"
    "  retort pull https://example.com/model.gguf --sha256 DIGEST\n"
    "  HF_ENDPOINT=https://hf-mirror.com retort pull ...    from a mirror\n"
    "  HF_ENDPOINT=file:///media/disk/models retort pull ...\n"
    "Interrupted, the same command goes on where it stopped.";

struct PullFlags {
  std::string model;
  PullOptions options;
  bool offline = false;
  bool json = false;
};

void PrintEvent(const nlohmann::ordered_json& event) {
  std::puts(event.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

void PrintDone(const std::string& path, int64_t bytes, bool json) {
  if (json) {
    PrintEvent({{"event", "done"}, {"path", path}, {"bytes", bytes}});
  } else {
    std::puts(Printable(path).c_str());
  }
}

void PrintError(const Error& error) {
  PrintEvent(
      {{"event", "error"}, {"code", ErrorCodeName(error.code())}, {"message", error.what()}});
}

// What is in the cache, or an error that says what to do about it.
void PullOffline(const PullFlags& flags, const ModelReference& reference, const HubCache& cache) {
  try {
    const CachedModel model = ResolveModel(reference, cache, BuiltInCatalogue());
    PrintDone(model.path, model.bytes, flags.json);
  } catch (const Error& error) {
    Fail(error.code(), "offline (--offline or HF_HUB_OFFLINE): {}", error.what());
  }
}

// "; the copy pulled earlier works without", if there is one.
std::string EarlierCopy(const ModelReference& reference, const HubCache& cache) {
  try {
    return "; what was pulled earlier still works: " +
           Printable(ResolveModel(reference, cache, BuiltInCatalogue()).path);
  } catch (const Error&) {
    return "";
  }
}

void RunPull(PullFlags& flags) {
  const HubSettings settings = SettingsFromEnvironment();
  const ModelReference reference = ParseReference(flags.model, settings.endpoint);
  const HubCache cache(settings.cache);
  if (flags.offline || settings.offline) return PullOffline(flags, reference, cache);
  const InterruptSignals interrupts;
  flags.options.endpoint = settings.endpoint;
  flags.options.http.token = settings.token;
  flags.options.http.token_origin = settings.endpoint;
  flags.options.http.ca_file = settings.ca_file;
  flags.options.http.interrupted = [&](double seconds) { return interrupts.Wait(seconds); };
  PullProgress progress;
  PullEvents events(PrintEvent);
  PullObserver& observer = flags.json ? static_cast<PullObserver&>(events) : progress;
  const Catalogue catalogue = BuiltInCatalogue();
  try {
    const PulledModel model = Puller(catalogue, cache, flags.options, observer).Pull(reference);
    progress.Finish();
    int64_t bytes = 0;
    for (const PulledFile& file : model.files) bytes += file.bytes;
    PrintDone(model.path, bytes, flags.json);
    if (!flags.json) {
      std::fprintf(stderr, "%s. Next: retort run %s\n", FormatBytes(bytes).c_str(),
                   Printable(flags.model).c_str());
    }
  } catch (const Error& error) {
    progress.Finish();
    if (flags.json) PrintError(error);
    if (error.code() != ErrorCode::kUnavailable) throw;
    Fail(error.code(), "{}{}", error.what(), EarlierCopy(reference, cache));
  }
}

}  // namespace

void AddPullCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("pull", "Bring a model into the cache");
  const auto flags = std::make_shared<PullFlags>();
  Patience& patience = flags->options.http.patience;
  command->add_option("MODEL", flags->model, "Name, hf:ORG/REPO[:FILE], or address")->required();
  command->add_option("--revision", flags->options.revision, "Branch, tag or commit (main)");
  command->add_option("--sha256", flags->options.sha256, "The digest that the file must have");
  command->add_flag("--offline", flags->offline, "Only what is in the cache already");
  command->add_flag("--json", flags->json, "Events as JSON, one a line");
  const auto add = [&](const char* name, auto& value, const char* help) {
    command->add_option(name, value, help)
        ->check(CLI::Range(0.0, 86400.0))
        ->capture_default_str()
        ->group("Bad networks");
  };
  add("--retries", patience.retries, "Tries in a row without a new byte");
  add("--retry-delay", patience.first_delay_s, "Seconds before the first; doubles each time");
  add("--connect-timeout", patience.connect_s, "Seconds to reach a server");
  add("--stall-timeout", patience.stall_s, "Seconds without a byte");
  command->footer(kPullExamples);
  command->callback([flags] { RunPull(*flags); });
}

}  // namespace retort

// retort serve MODEL...: models behind HTTP.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/common_flags.h"
#include "cli/config_flag.h"
#include "cli/serve_run.h"

namespace retort {
namespace {

constexpr const char* kServeExamples =
    "Examples:\n"
    "  retort serve r1-distill-qwen-1.5b                    on http://127.0.0.1:7860\n"
    "  retort serve r1=r1.gguf qwen=qwen.gguf               two models, by name\n"
    "  retort serve r1.gguf --host 0.0.0.0 --keys-file keys.txt --tls-cert c.pem --tls-key k.pem\n"
    "  retort serve r1.gguf qwen.gguf --memory 8GiB --ttl 600\n"
    "  curl http://127.0.0.1:7860/v1/chat/completions -H 'Content-Type: application/json' \\\n"
    "    -d '{\"messages\": [{\"role\": \"user\", \"content\": \"What is 17 * 23?\"}]}'\n\n"
    "It speaks OpenAI's interface (/v1/chat/completions, /v1/completions, /v1/models); /health,\n"
    "/readyz and /metrics tell how it is. docs/serving.md says everything else.";

void AddNetworkFlags(CLI::App& command, ServeFlags& flags) {
  serve::ServiceOptions& service = flags.service;
  const auto add = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->group("Network");
  };
  add("--host", service.http.address, "Address to listen at")->capture_default_str();
  add("--port", service.http.port, "Port; 0 takes any that is free")->capture_default_str();
  add("--tls-cert", service.http.certificate_file,
      "Certificates, PEM; may change: TLS alone is spoken")
      ->type_name("FILE");
  add("--tls-key", service.http.key_file, "Their key, PEM")->type_name("FILE");
  command.get_option("--tls-cert")->needs("--tls-key");
  command.get_option("--tls-key")->needs("--tls-cert");
  add("--keys-file", service.access.keys_file, "Keys that clients need, one a line; may change")
      ->type_name("FILE");
  command.add_flag("--insecure", flags.insecure, "Let other machines ask without a key")
      ->group("Network");
  add("--cors", service.access.origins, "Pages that may ask, by origin; * for all")
      ->type_name("ORIGIN");
  add("--allow-host", service.access.hosts, "Further names of this server")->type_name("NAME");
  add("--max-body", service.http.limits.body_bytes, "Longest request")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))
      ->type_name("SIZE")
      ->default_str("8MiB");
  add("--max-connections", service.http.limits.connections, "Connections at once")
      ->capture_default_str();
}

void AddModelManagementFlags(CLI::App& command, ServeFlags& flags) {
  serve::RegistryOptions& registry = flags.service.registry;
  const auto add = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->group("Models");
  };
  add("--memory", registry.memory_bytes, "Of all loaded models; others make room for new ones")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))
      ->type_name("SIZE");
  add("--max-loaded", registry.max_loaded, "Models that are loaded at once; 0: no limit")
      ->capture_default_str();
  add("--ttl", registry.ttl_s, "Unload a model that was not used for so many seconds; -1: never")
      ->capture_default_str();
  command
      .add_flag("!--no-preload", flags.service.preload,
                "Load models when they are asked for, not at start")
      ->group("Models");
}

void AddQueueFlags(CLI::App& command, ServeFlags& flags) {
  serve::ServiceOptions& service = flags.service;
  const auto add = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->capture_default_str()->group("Load");
  };
  add("--parallel", flags.engine.max_running, "Answers that a model generates together")
      ->check(CLI::Range(1, 4096));
  add("--max-queued", service.admission.queued, "Requests that wait behind them; then 429")
      ->check(CLI::Range(0, 1'000'000));
  add("--queue-timeout", service.first_token_limit_s,
      "503 for a request without a token after so many seconds; 0: no limit");
  add("--max-n", service.limits.max_n, "Answers to one request")->check(CLI::Range(1, 128));
  add("--drain-lag", flags.drain_lag_s, "At the end, take new requests for so many seconds more");
  add("--drain-timeout", flags.drain_timeout_s, "and let those at work finish for so many");
}

void AddAnswerFlags(CLI::App& command, ServeFlags& flags) {
  serve::RequestDefaults& defaults = flags.service.defaults;
  const auto add = [&](const char* name, auto& value, const char* help) {
    command.add_option(name, value, help)->group("Where requests say nothing");
  };
  add("--temperature", defaults.temperature, "0 always takes the most likely token");
  add("--top-p", defaults.top_p, "Keep the most likely tokens up to this share");
  add("--top-k", defaults.top_k, "Keep so many tokens; 0 keeps all");
  add("--min-p", defaults.min_p, "Keep tokens this likely, as a share of the likeliest");
  add("--repetition-penalty", defaults.repetition_penalty, "Above 1: repeat less");
  add("--max-tokens", defaults.max_tokens, "Longest answer; else what the context leaves");
  add("--think-budget", defaults.thinking_budget, "Close thinking after so many tokens");
  command
      .add_flag("!--no-loop-guard", defaults.loop_guard,
                "Let thinking and answers that repeat themselves run on")
      ->group("Where requests say nothing");
  command.add_flag("--strict", flags.service.strict, "Refuse fields that are not understood")
      ->group("Where requests say nothing");
}

void AddLogFlags(CLI::App& command, ServeFlags& flags) {
  command
      .add_option_function<std::string>(
          "--log-format", [&flags](const std::string& form) { flags.log_json = form == "json"; },
          "Lines on standard error: text, or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->default_str("text")
      ->group("Log");
  command
      .add_flag("--log-prompts", flags.service.log_prompts,
                "Log what users ask, as the model gets it; else no word of it")
      ->group("Log");
}

}  // namespace

void AddServeCommand(CLI::App& app) {
  CLI::App* command = app.add_subcommand("serve", "Serve models over HTTP, as OpenAI does");
  const auto flags = std::make_shared<ServeFlags>();
  flags->service.http.limits.body_bytes = 8 << 20;
  flags->service.http.limits.header_bytes = 32 << 10;
  AddConfigFlag(*command);
  command
      ->add_option("model", flags->models,
                   "Files, folders or names of pulled models; NAME=MODEL gives one a name")
      ->required();
  AddNetworkFlags(*command, *flags);
  AddModelManagementFlags(*command, *flags);
  AddQueueFlags(*command, *flags);
  AddAnswerFlags(*command, *flags);
  AddLogFlags(*command, *flags);
  AddModelFlags(*command, flags->load);
  AddSpeculateFlag(*command, flags->speculate);
  AddStoreFlags(*command, flags->store, /*optional=*/true);
  command->footer(kServeExamples);
  command->callback([flags] {
    if (const char* key = std::getenv("RETORT_API_KEY")) {
      if (*key != '\0') flags->service.access.keys.push_back(key);
    }
    flags->service.admission.running = flags->engine.max_running;
    RunServe(*flags);
  });
}

}  // namespace retort

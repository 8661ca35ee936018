// A server whose model says what a file has it say: for tests with real clients.
//
//   scripted_server SCRIPTS.json [--step SECONDS] [--keys FILE] [--parallel N] [--queued N]
//                   [--kv-blocks N] [--context TOKENS] [--write-stall SECONDS] [--store FILE]
//
// SCRIPTS.json: [{"prompt": "<|user|>q<|assistant|><think>\n", "continuation":
// "hm</think>yes<|end|>"}]. The model of bytes, tests/support/byte_tokenizer.h, with its thinking
// template; it is called "scripted", and a second one like it "other". Prints the port, serves
// until its standard input ends, and tells on standard error how many KV blocks were not free at
// the end.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "net/test_sockets.h"
#include "serve/service.h"
#include "serve/test_models.h"

namespace {

using namespace retort;
using namespace retort::serve;

// Brings whatever is asked for but "broken", in a second.
PullHook ScriptedPull(TestModels& models) {
  return [&models](const std::string& reference, const PullEvents::Sink& events,
                   const std::function<bool(double)>& interrupted) {
    if (reference == "broken") Fail(ErrorCode::kNotFound, "there is no model {}", reference);
    const std::string file = reference + ".gguf";
    constexpr int kBytes = 10'000'000;
    events({{"event", "plan"},
            {"repository", "scripted/" + reference},
            {"missing_bytes", kBytes},
            {"files", {{{"file", file}, {"bytes", kBytes}}}}});
    for (int done = 0; done <= kBytes; done += kBytes / 10) {
      if (interrupted(0.1)) Fail(ErrorCode::kCancelled, "it was interrupted");
      events({{"event", "progress"}, {"file", file}, {"done", done}, {"bytes", kBytes}});
    }
    events({{"event", "file"}, {"file", file}, {"bytes", kBytes}, {"verified", true}});
    return models.Source(reference);
  };
}

void Serve(int argc, char** argv) {
  TestModels models;
  ServiceOptions options;
  options.http.port = 0;
  options.http.limits.body_bytes = 8 << 20;
  options.http.limits.header_bytes = 32 << 10;
  options.defaults.temperature = 0;
  models.context = 20000;
  options.pull = ScriptedPull(models);
  options.report = [](const std::string& run, const std::string& language) {
    return "<!doctype html><title>Report</title><p>" + run + " " + language + "</p>";
  };
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    if (flag == "--step") models.step_s = std::stod(argv[i + 1]);
    if (flag == "--keys") options.access.keys_file = argv[i + 1];
    if (flag == "--parallel") {
      options.admission.running = models.max_running = std::stoi(argv[i + 1]);
    }
    if (flag == "--queued") options.admission.queued = std::stoi(argv[i + 1]);
    if (flag == "--store") options.store_file = argv[i + 1];
    if (flag == "--context") models.context = std::stoi(argv[i + 1]);
    if (flag == "--kv-blocks") models.kv_blocks = std::stoi(argv[i + 1]);
    if (flag == "--write-stall") options.http.limits.write_stall_seconds = std::stod(argv[i + 1]);
  }
  std::stringstream text;
  text << std::ifstream(argv[1]).rdbuf();
  for (const auto& script : nlohmann::json::parse(text.str())) {
    models.SayTo(script.at("prompt"), script.at("continuation"));
  }
  Service service(options, {models.Source("scripted"), models.Source("other")});
  service.Start();
  net::Eventually([&] { return service.models().ready(); });
  std::printf("%u\n", service.port());
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "drain") std::printf("%ju left\n", uintmax_t{service.Drain(60)});
    std::fflush(stdout);
  }
  const EngineStats stats = service.models().Status("scripted").engine;
  std::fprintf(stderr, "%d blocks in use\n", stats.total_blocks - stats.free_blocks);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Serve(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "scripted_server: %s\n", error.what());
    return 1;
  }
  return 0;
}

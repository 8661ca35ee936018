#include "lab/bench/start.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/process.h"
#include "engine/engine.h"

namespace retort {
namespace {

constexpr const char* kPrompt = "What is the sum of 12 and 30? Answer with the number alone.";

ModelMemory ParseAnswer(const std::string& line) {
  const auto answer = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object() || !answer.contains("weights")) {
    Fail(ErrorCode::kInternal, "a model's process answered \"{}\" instead of its figures", line);
  }
  return {.weights = answer.at("weights").get<int64_t>(),
          .kv_cache = answer.at("kv_cache").get<int64_t>(),
          .workspace = answer.at("workspace").get<int64_t>()};
}

}  // namespace

FirstToken::FirstToken(const std::string& path, const LoadOptions& options)
    : model_(LoadModel(path, options)) {
  Engine engine(model_->language_model(), {});
  Request request;
  request.prompt = model_->tokenizer().Encode(kPrompt);
  request.max_tokens = 1;
  const auto handle = engine.Submit(std::move(request));
  while (const auto event = handle->Next()) {
    if (event->finish == FinishReason::kError) {
      Fail(ErrorCode::kInternal, "{}: the first token failed: {}", path, event->error);
    }
  }
}

std::string FirstToken::Answer() const {
  const ModelMemory memory = model_->memory();
  return nlohmann::json{
      {"weights", memory.weights}, {"kv_cache", memory.kv_cache}, {"workspace", memory.workspace}}
      .dump();
}

StartFigures MeasureStarts(const std::vector<std::string>& argv, int repeat, const Clock& clock,
                           int cancel_fd) {
  StartFigures figures;
  for (int start = 0; start <= repeat; ++start) {
    const double began = clock.Seconds();
    ChildProcess child(argv);
    const std::optional<std::string> line = child.ReadLine(cancel_fd);
    const double seconds = clock.Seconds() - began;
    if (!line) {
      const std::string end = child.WaitForEnd();
      Fail(ErrorCode::kUnavailable, "starting a model's process failed ({}): {}", end,
           child.LastErrorLine());
    }
    figures.memory = ParseAnswer(*line);
    const ProcessUsage usage = child.Usage();
    figures.resident_bytes = usage.resident_bytes;
    figures.peak_resident_bytes = usage.peak_resident_bytes;
    if (start > 0) figures.seconds.push_back(seconds);
  }
  return figures;
}

}  // namespace retort

#include "lab/compare/worker.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "checkpoint/model_name.h"

namespace retort {
namespace {

using SortedJson = nlohmann::json;

// What a length test reads: real text of both languages, repeated until it is long enough. What it
// says does not matter, that it is ordinary tokens does.
constexpr std::string_view kFiller =
    "The retort is a glass vessel with a long neck, in which chemists distilled liquids: what is "
    "heated in the bulb rises as vapour, condenses in the neck and drips into the receiver. "
    "蒸馏器是一种带长颈的玻璃容器,化学家用它来提纯液体。加热后产生的蒸气在颈部冷却,"
    "再滴入接收瓶中。";

std::vector<int32_t> FillerTokens(const Tokenizer& tokenizer, int count) {
  const std::vector<int32_t> passage = tokenizer.Encode(kFiller);
  if (passage.empty()) Fail(ErrorCode::kUnsupported, "the tokenizer gives no tokens for text");
  std::vector<int32_t> ids;
  for (int i = 0; i < count; ++i) ids.push_back(passage[static_cast<size_t>(i) % passage.size()]);
  return ids;
}

// Opens the gate for the length of a scope.
class Turn {
 public:
  explicit Turn(GatedModel& gate) : gate_(gate) { gate_.Open(); }
  ~Turn() { gate_.Close(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  GatedModel& gate_;
};

EngineOptions OptionsFor(const LanguageModel& model, int parallel, bool speculate) {
  EngineOptions options;
  options.max_running = std::max(1, parallel);
  options.max_batch_tokens = std::min(options.max_batch_tokens, model.max_rows());
  options.prefix_cache = false;  // a prompt that is measured again must be computed again
  if (!speculate) options.max_draft_tokens = 0;
  return options;
}

}  // namespace

Worker::Worker(LoadedModel& model, int parallel, bool speculate)
    : model_(model),
      gate_(model.language_model()),
      engine_(gate_, OptionsFor(model.language_model(), parallel, speculate)),
      generator_(model, engine_) {}

Worker::~Worker() {
  batch_.reset();
  gate_.Open();  // the engine's thread may wait for it
}

ComparedModel Worker::Facts() const {
  const ModelConfig& config = model_.config();
  const ModelMemory memory = model_.memory();
  ComparedModel facts;
  facts.path = model_.path();
  for (const std::string& file : WeightFilesOf(facts.path)) {
    facts.file_bytes += static_cast<int64_t>(std::filesystem::file_size(file));
  }
  facts.architecture = config.architecture;
  facts.num_layers = config.num_layers;
  facts.hidden_size = config.hidden_size;
  facts.context = config.max_position_embeddings;
  facts.backend = model_.backend().description();
  facts.weight_bytes = memory.weights;
  facts.kv_bytes = memory.kv_cache;
  facts.workspace_bytes = memory.workspace;
  return facts;
}

ChatReply Worker::Chat(const ChatTask& task) {
  const Turn turn(gate_);
  const auto stream =
      StartChat(model_, generator_, task.prompt,
                {.sampling = task.sampling,
                 .max_tokens = task.max_tokens,
                 .thinking = {.loop_guard = false}});  // what is timed runs to its end
  while (stream->Next()) {
  }
  const GenerationResult& result = stream->result();
  if (result.finish == FinishReason::kError) Fail(ErrorCode::kUnavailable, "{}", result.error);
  return {.reasoning = result.reasoning,
          .answer = result.answer,
          .finish = std::string(FinishReasonName(result.finish)),
          .prompt_tokens = result.prompt_tokens,
          .new_tokens = result.generated_tokens,
          .reasoning_tokens = result.reasoning_tokens,
          .first_token_s = result.first_token_s,
          .tokens_per_s = result.decode_tokens_per_s,
          .total_s = result.total_s};
}

SpeedSample Worker::Fixed(const LengthTest& test) {
  const SteadyClock clock;
  const Turn turn(gate_);
  Request request;
  request.prompt = FillerTokens(model_.tokenizer(), test.prompt_tokens);
  request.max_tokens = test.new_tokens;
  const double start = clock.Seconds();
  const auto handle = engine_.Submit(std::move(request));
  double first = 0, last = 0;
  int tokens = 0;
  while (const auto event = handle->Next()) {
    if (event->finish == FinishReason::kError) Fail(ErrorCode::kUnavailable, "{}", event->error);
    if (event->tokens.empty()) continue;
    if (tokens == 0) first = event->seconds;
    tokens += static_cast<int>(event->tokens.size());
    last = event->seconds;
  }
  SpeedSample sample{
      .first_token_s = first - start, .prompt_tokens = test.prompt_tokens, .new_tokens = tokens};
  if (last > first) sample.tokens_per_s = (tokens - 1) / (last - first);
  return sample;
}

SortedJson Worker::Dispatch(const SortedJson& request) {
  const std::string op = request.value("op", "");
  if (op == "chat") return ToJson(Chat(ChatTaskFromJson(request)));
  if (op == "fixed") return ToJson(Fixed(LengthTestFromJson(request)));
  if (op == "start") {
    batch_.reset();
    batch_ =
        std::make_unique<BatchRun>(BatchTaskFromJson(request), model_, generator_, engine_, gate_);
    return SortedJson::object();
  }
  if (op == "advance") {
    if (!batch_) Fail(ErrorCode::kInvalidArgument, "advance before start");
    return ToJson(batch_->Advance(request.value("seconds", 1.0)));
  }
  Fail(ErrorCode::kInvalidArgument, "unknown op \"{}\"; known are chat, fixed, start, advance", op);
}

std::string Worker::Handle(std::string_view line) {
  try {
    return ToLine({{"reply", Dispatch(ParseLine(line))}});
  } catch (const Error& error) {
    return ToLine({{"error", {{"code", ErrorCodeName(error.code())}, {"message", error.what()}}}});
  } catch (const std::exception& error) {
    return ToLine({{"error", {{"code", "internal"}, {"message", error.what()}}}});
  }
}

void ServeWorker(Worker& worker, std::istream& in, std::ostream& out) {
  out << ToLine({{"ready", {{"facts", ToJson(worker.Facts())}}}}) << std::endl;
  std::string line;
  while (std::getline(in, line)) out << worker.Handle(line) << std::endl;
}

}  // namespace retort

#include "runtime/generation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "runtime/shown_text.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// What the engine's thread does with each token: has a stop string come, must the thinking end?
class TokenWatch {
 public:
  TokenWatch(ShownText text, const Tokenizer& tokenizer, std::string_view prompt,
             const ThinkingLimits& limits)
      : text_(std::move(text)), governor_(tokenizer, prompt, limits) {}

  // Looks at each token once, though it is shown all of them.
  Steering Look(std::span<const int32_t> generated) {
    Steering steering;
    while (seen_ < generated.size()) {
      text_.Push(generated[seen_]);
      steering = governor_.Push(generated[seen_++]);
    }
    if (text_.stopped()) return {.finish = FinishReason::kStop};
    return steering;
  }

  const ThinkingGovernor& governor() const { return governor_; }

 private:
  ShownText text_;
  ThinkingGovernor governor_;
  size_t seen_ = 0;
};

class Stream : public GenerationStream {
 public:
  Stream(std::shared_ptr<RequestHandle> handle, std::shared_ptr<const TokenWatch> watch,
         ShownText text, ThinkParser parser, int32_t prompt_tokens, double start)
      : handle_(std::move(handle)),
        watch_(std::move(watch)),
        text_(std::move(text)),
        parser_(std::move(parser)),
        start_(start) {
    result_.prompt_tokens = prompt_tokens;
  }
  ~Stream() override {
    if (result_.finish == FinishReason::kNone) handle_->Cancel();
  }

  std::optional<ThinkDelta> Next() override {
    while (result_.finish == FinishReason::kNone) {
      const TokenEvent event = *handle_->Next();
      ThinkDelta shown;
      for (int32_t token : event.tokens) Take(token, event.seconds - start_, shown);
      if (event.forced) result_.forced_tokens += static_cast<int32_t>(event.tokens.size());
      if (event.finish != FinishReason::kNone) End(event, shown);
      if (!shown.reasoning.empty() || !shown.answer.empty()) return shown;
    }
    return std::nullopt;
  }

  void Cancel() override { handle_->Cancel(); }
  const GenerationResult& result() const override { return result_; }

 private:
  void Take(int32_t token, double time, ThinkDelta& shown) {
    if (result_.generated_tokens++ == 0) result_.first_token_s = time;
    const bool was_reasoning = parser_.in_reasoning();
    Append(parser_.Push(text_.Push(token)), time, shown);
    if (was_reasoning || parser_.in_reasoning()) {
      ++result_.reasoning_tokens;
      result_.thinking_s = time - result_.first_token_s;
    }
    if (was_reasoning && !parser_.in_reasoning()) {
      result_.thinking_end = watch_->governor().end();
    }
    result_.total_s = time;
    if (result_.generated_tokens > 1 && time > result_.first_token_s) {
      result_.decode_tokens_per_s = (result_.generated_tokens - 1) / (time - result_.first_token_s);
    }
  }

  void End(const TokenEvent& event, ThinkDelta& shown) {
    const double time = event.seconds - start_;
    Append(parser_.Push(text_.Finish()), time, shown);
    Append(parser_.Finish(), time, shown);
    result_.finish = event.finish;
    result_.error = event.error;
    result_.thinking_end = watch_->governor().end();
    result_.total_s = time;
  }

  void Append(const ThinkDelta& delta, double time, ThinkDelta& shown) {
    const bool blank = delta.answer.find_first_not_of(" \t\r\n") == std::string::npos;
    if (result_.first_answer_s == 0 && !blank) result_.first_answer_s = time;
    shown.reasoning += delta.reasoning;
    shown.answer += delta.answer;
    result_.reasoning += delta.reasoning;
    result_.answer += delta.answer;
  }

  std::shared_ptr<RequestHandle> handle_;
  std::shared_ptr<const TokenWatch> watch_;
  ShownText text_;
  ThinkParser parser_;
  double start_;
  GenerationResult result_;
};

}  // namespace

Generator::Generator(LoadedModel& model, Engine& engine)
    : Generator(model.tokenizer(), model.has_chat_template() ? &model.chat_template() : nullptr,
                engine) {}

Generator::Generator(const Tokenizer& tokenizer, const ChatTemplate* chat_template, Engine& engine)
    : tokenizer_(tokenizer), chat_template_(chat_template), engine_(engine) {}

std::string Generator::RenderChat(const Json& messages) const {
  if (chat_template_ == nullptr) {
    Fail(ErrorCode::kNotFound, "{}: the file has no chat template; give a plain prompt",
         tokenizer_.spec().source);
  }
  Json variables = {{"messages", messages}, {"tools", nullptr}, {"add_generation_prompt", true}};
  const auto add_token = [&](const char* name, std::optional<int32_t> id) {
    if (id) variables[name] = tokenizer_.TokenBytes(*id);
  };
  add_token("bos_token", tokenizer_.spec().bos);
  add_token("eos_token", tokenizer_.spec().eos);
  add_token("pad_token", tokenizer_.spec().pad);
  return chat_template_->Render(variables);
}

std::unique_ptr<GenerationStream> Generator::Chat(const Json& messages,
                                                  const GenerationOptions& options) {
  return Complete(RenderChat(messages), options);
}

std::unique_ptr<GenerationStream> Generator::Complete(const std::string& prompt,
                                                      const GenerationOptions& options) {
  const double start = SteadyClock().Seconds();
  ShownText text(tokenizer_, options.stop);
  ThinkingLimits limits = options.thinking;
  if (options.ignore_eos) limits.loop_guard = false;
  const auto watch = std::make_shared<TokenWatch>(text, tokenizer_, prompt, limits);
  const std::string whole_prompt = prompt + std::string(watch->governor().prompt_suffix());
  Request request;
  request.prompt = tokenizer_.Encode(whole_prompt);
  request.sampling = options.sampling;
  request.max_tokens = options.max_tokens;
  if (options.fit_context) {
    // A prompt that leaves no room is refused with its figures.
    const int64_t room = engine_.MaxSequenceTokens() - std::ssize(request.prompt);
    request.max_tokens =
        static_cast<int32_t>(std::clamp<int64_t>(room, 1, std::max(options.max_tokens, 1)));
  }
  request.vocab_limit = tokenizer_.size();
  if (!options.ignore_eos) request.stop_tokens = tokenizer_.spec().stop_ids;
  request.on_token = [watch](std::span<const int32_t> generated) { return watch->Look(generated); };
  const auto prompt_tokens = static_cast<int32_t>(request.prompt.size());
  return std::make_unique<Stream>(engine_.Submit(std::move(request)), watch, std::move(text),
                                  ThinkParser(ThinkParser::OpensThinking(whole_prompt)),
                                  prompt_tokens, start);
}

}  // namespace retort

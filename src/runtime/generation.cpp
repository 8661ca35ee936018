#include "runtime/generation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "runtime/answer_constraint.h"
#include "runtime/answer_text.h"
#include "runtime/chat_prompt.h"
#include "runtime/choice_reader.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// What the engine's thread does with each token: has a stop string come, must the thinking end?
// Copies are independent, so each choice of a request has its own.
class TokenWatch {
 public:
  TokenWatch(AnswerText text, ThinkingGovernor governor)
      : text_(std::move(text)), governor_(std::move(governor)) {}

  // Looks at each token once, though it is shown all of them.
  Steering operator()(std::span<const int32_t> generated) {
    Steering steering;
    while (seen_ < generated.size()) {
      text_.Push(generated[seen_]);
      steering = governor_.Push(generated[seen_++]);
    }
    if (text_.stopped()) return {.finish = FinishReason::kStop};
    return steering;
  }

 private:
  AnswerText text_;
  ThinkingGovernor governor_;
  size_t seen_ = 0;
};

class Stream : public GenerationStream {
 public:
  Stream(std::shared_ptr<RequestHandle> handle, std::vector<ChoiceReader> choices,
         std::shared_ptr<ThinkingSwitches> switches, double start)
      : handle_(std::move(handle)),
        choices_(std::move(choices)),
        switches_(std::move(switches)),
        start_(start) {}
  ~Stream() override { handle_->Cancel(); }

  std::optional<GenerationPiece> Next() override {
    while (const std::optional<TokenEvent> event = handle_->Next()) {
      GenerationPiece piece = Take(*event);
      if (ShowsSomething(piece)) return piece;
    }
    return std::nullopt;
  }

  Poll TryNext(GenerationPiece& piece) override {
    TokenEvent event;
    const Poll poll = handle_->TryNext(event);
    if (poll == Poll::kEvent) piece = Take(event);
    return poll;
  }

  void Cancel() override { handle_->Cancel(); }
  void EndThinking() override { switches_->answer_now = true; }
  int32_t QueuePosition() const override { return handle_->QueuePosition(); }
  const GenerationResult& result_of(int32_t choice) const override {
    return choices_[static_cast<size_t>(choice)].result();
  }

 private:
  GenerationPiece Take(const TokenEvent& event) {
    return choices_[static_cast<size_t>(event.choice)].Take(event, event.seconds - start_);
  }
  static bool ShowsSomething(const GenerationPiece& piece) {
    return !piece.reasoning.empty() || !piece.answer.empty() || !piece.logprobs.empty();
  }

  std::shared_ptr<RequestHandle> handle_;
  std::vector<ChoiceReader> choices_;
  std::shared_ptr<ThinkingSwitches> switches_;
  double start_;
};

}  // namespace

Generator::Generator(LoadedModel& model, Engine& engine)
    : Generator(model.tokenizer(), model.has_chat_template() ? &model.chat_template() : nullptr,
                engine) {}

Generator::Generator(const Tokenizer& tokenizer, const ChatTemplate* chat_template, Engine& engine)
    : tokenizer_(tokenizer), chat_template_(chat_template), engine_(engine) {}

std::string Generator::RenderChat(const Json& messages) const {
  return Render(ChatPrompt{.messages = &messages});
}

std::string Generator::Render(const ChatPrompt& chat) const {
  if (chat_template_ == nullptr) {
    Fail(ErrorCode::kNotFound, "{}: the file has no chat template; give a plain prompt",
         tokenizer_.spec().source);
  }
  return RenderChatPrompt(*chat_template_, tokenizer_, chat);
}

std::unique_ptr<GenerationStream> Generator::Chat(const Json& messages,
                                                  const GenerationOptions& options) {
  return Complete(RenderChat(messages), options);
}

std::unique_ptr<GenerationStream> Generator::Complete(const std::string& prompt,
                                                      const GenerationOptions& options,
                                                      std::function<void()> on_ready) {
  return Start(prompt, tokenizer_.Encode(prompt), options, std::move(on_ready));
}

std::unique_ptr<GenerationStream> Generator::CompleteTokens(const std::string& prompt,
                                                            const std::vector<int32_t>& tokens,
                                                            const GenerationOptions& options,
                                                            std::function<void()> on_ready) {
  CheckTokens("the prompt", tokens, tokenizer_.size());
  return Start(prompt, tokens, options, std::move(on_ready));
}

std::unique_ptr<GenerationStream> Generator::Start(std::string prompt, std::vector<int32_t> tokens,
                                                   const GenerationOptions& options,
                                                   std::function<void()> on_ready) {
  const double start = SteadyClock().Seconds();
  ThinkingLimits limits = options.thinking;
  if (options.ignore_eos) limits.loop_guard = false;
  const auto switches = std::make_shared<ThinkingSwitches>();
  const ThinkingGovernor watching(tokenizer_, prompt, limits, switches);
  const ThinkingGovernor following(tokenizer_, prompt, limits);
  if (const std::string suffix(watching.prompt_suffix()); !suffix.empty()) {
    // Line ends merge across the border, unless the tokens are somebody's own choice.
    const bool own = tokens != tokenizer_.Encode(prompt);
    const std::vector<int32_t> more = tokenizer_.Encode(suffix);
    prompt += suffix;
    if (own) {
      tokens.insert(tokens.end(), more.begin(), more.end());
    } else {
      tokens = tokenizer_.Encode(prompt);
    }
  }
  const AnswerText text(tokenizer_, prompt,
                        {.stops = options.stop,
                         .stop_in_thinking = options.constrain_thinking,
                         .raw = options.raw_text,
                         .in_thought = limits.in_thought && watching.prompt_suffix().empty()});
  Request request = RequestFor(options, std::move(tokens));
  request.on_token = TokenWatch(text, watching);
  if (options.grammar) {
    request.constraint = ConstraintFor(options, text.in_reasoning());
  }
  const ChoiceReader reader(tokenizer_, text, following,
                            static_cast<int32_t>(request.prompt.size()));
  std::shared_ptr<RequestHandle> handle = engine_.Submit(std::move(request), std::move(on_ready));
  std::vector<ChoiceReader> choices(static_cast<size_t>(options.num_choices), reader);
  return std::make_unique<Stream>(std::move(handle), std::move(choices), switches, start);
}

Request Generator::RequestFor(const GenerationOptions& options, std::vector<int32_t> prompt) const {
  Request request;
  request.prompt = std::move(prompt);
  request.sampling = options.sampling;
  request.max_tokens = options.max_tokens;
  request.num_choices = options.num_choices;
  request.top_logprobs = options.top_logprobs;
  if (options.fit_context) {
    // A prompt that leaves no room is refused with its figures.
    const int64_t room = engine_.MaxSequenceTokens() - std::ssize(request.prompt);
    request.max_tokens =
        static_cast<int32_t>(std::clamp<int64_t>(room, 1, std::max(options.max_tokens, 1)));
  }
  request.min_tokens = std::min(options.min_tokens, request.max_tokens);
  request.vocab_limit = tokenizer_.size();
  if (!options.ignore_eos) request.stop_tokens = tokenizer_.spec().stop_ids;
  return request;
}

std::shared_ptr<const CompiledGrammar> Generator::Compile(const GrammarTree& tree) {
  const std::lock_guard lock(mutex_);
  if (!vocabulary_) vocabulary_ = MakeGrammarVocabulary(tokenizer_);
  return CompileGrammar(tree, vocabulary_);
}

std::shared_ptr<const TokenConstraint> Generator::ConstraintFor(const GenerationOptions& options,
                                                                bool in_reasoning) const {
  AnswerStart start = in_reasoning ? AnswerStart::kBehindThought : AnswerStart::kMayThink;
  const bool no_thought = !in_reasoning && options.thinking.budget == 0;
  if (options.constrain_thinking || no_thought) start = AnswerStart::kAtOnce;
  return std::make_shared<const AnswerConstraint>(tokenizer_, options.grammar, start);
}

}  // namespace retort

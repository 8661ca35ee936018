#include "runtime/generation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "runtime/answer_constraint.h"
#include "runtime/shown_text.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// What the engine's thread does with each token: has a stop string come, must the thinking end?
// Copies are independent, so each choice of a request has its own.
class TokenWatch {
 public:
  TokenWatch(ShownText text, ThinkingGovernor governor)
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
  ShownText text_;
  ThinkingGovernor governor_;
  size_t seen_ = 0;
};

// Makes text of the tokens of one choice. Its governor follows the engine's: both are functions of
// the tokens alone, and this one tells why the thinking ended.
class ChoiceReader {
 public:
  ChoiceReader(const Tokenizer& tokenizer, ShownText text, ThinkParser parser,
               ThinkingGovernor governor, int32_t prompt_tokens)
      : tokenizer_(tokenizer),
        text_(std::move(text)),
        parser_(std::move(parser)),
        governor_(std::move(governor)) {
    result_.prompt_tokens = prompt_tokens;
  }

  // `time`: of the event, from submission.
  GenerationPiece Take(const TokenEvent& event, double time) {
    GenerationPiece piece;
    piece.choice = event.choice;
    result_.cached_tokens = event.cached_tokens;
    if (event.forced) result_.forced_tokens += static_cast<int32_t>(event.tokens.size());
    for (size_t i = 0; i < event.tokens.size(); ++i) {
      const bool reasoning = TakeToken(event.tokens[i], time, piece);
      if (i >= event.logprobs.size()) continue;
      piece.logprobs.push_back(WithText(event.logprobs[i], reasoning));
      result_.logprobs.push_back(piece.logprobs.back());
    }
    if (event.finish != FinishReason::kNone) End(event, time, piece);
    return piece;
  }

  const GenerationResult& result() const { return result_; }

 private:
  // Whether the token belongs to the reasoning.
  bool TakeToken(int32_t token, double time, ThinkDelta& shown) {
    if (result_.generated_tokens++ == 0) result_.first_token_s = time;
    const bool was_reasoning = parser_.in_reasoning();
    Append(parser_.Push(text_.Push(token)), time, shown);
    governor_.Push(token);
    const bool reasoning = was_reasoning || parser_.in_reasoning();
    if (was_reasoning && !parser_.in_reasoning()) result_.thinking_end = governor_.end();
    if (reasoning) {
      ++result_.reasoning_tokens;
      result_.thinking_s = time - result_.first_token_s;
    }
    result_.total_s = time;
    if (result_.generated_tokens > 1 && time > result_.first_token_s) {
      result_.decode_tokens_per_s = (result_.generated_tokens - 1) / (time - result_.first_token_s);
    }
    return reasoning;
  }

  void End(const TokenEvent& event, double time, ThinkDelta& shown) {
    Append(parser_.Push(text_.Finish()), time, shown);
    Append(parser_.Finish(), time, shown);
    result_.finish = event.finish;
    result_.error = event.error;
    result_.thinking_end = governor_.end();
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

  TextLogprobs WithText(const TokenLogprobs& logprobs, bool reasoning) const {
    const auto with_bytes = [&](const TokenLogprob& from) -> TextLogprob {
      // Rows that only pad the vocabulary have no text.
      std::string bytes;
      if (from.token < tokenizer_.size()) bytes = tokenizer_.TokenBytes(from.token);
      return {.token = from.token, .bytes = std::move(bytes), .logprob = from.logprob};
    };
    TextLogprobs result{.chosen = with_bytes(logprobs.chosen), .top = {}, .reasoning = reasoning};
    for (const TokenLogprob& token : logprobs.top) result.top.push_back(with_bytes(token));
    return result;
  }

  const Tokenizer& tokenizer_;
  ShownText text_;
  ThinkParser parser_;
  ThinkingGovernor governor_;
  GenerationResult result_;
};

class Stream : public GenerationStream {
 public:
  Stream(std::shared_ptr<RequestHandle> handle, std::vector<ChoiceReader> choices, double start)
      : handle_(std::move(handle)), choices_(std::move(choices)), start_(start) {}
  ~Stream() override { handle_->Cancel(); }

  std::optional<GenerationPiece> Next() override {
    while (const std::optional<TokenEvent> event = handle_->Next()) {
      GenerationPiece piece =
          choices_[static_cast<size_t>(event->choice)].Take(*event, event->seconds - start_);
      if (!piece.reasoning.empty() || !piece.answer.empty() || !piece.logprobs.empty()) {
        return piece;
      }
    }
    return std::nullopt;
  }

  void Cancel() override { handle_->Cancel(); }
  const GenerationResult& result_of(int32_t choice) const override {
    return choices_[static_cast<size_t>(choice)].result();
  }

 private:
  std::shared_ptr<RequestHandle> handle_;
  std::vector<ChoiceReader> choices_;
  double start_;
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
  const ThinkingGovernor governor(tokenizer_, prompt, limits);
  const std::string whole_prompt = prompt + std::string(governor.prompt_suffix());
  Request request;
  request.prompt = tokenizer_.Encode(whole_prompt);
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
  request.on_token = TokenWatch(text, governor);
  if (options.grammar) {
    request.constraint = ConstraintFor(options, ThinkParser::OpensThinking(whole_prompt));
  }
  const ChoiceReader reader(tokenizer_, std::move(text),
                            ThinkParser(ThinkParser::OpensThinking(whole_prompt)), governor,
                            static_cast<int32_t>(request.prompt.size()));
  std::shared_ptr<RequestHandle> handle = engine_.Submit(std::move(request));
  std::vector<ChoiceReader> choices(static_cast<size_t>(options.num_choices), reader);
  return std::make_unique<Stream>(std::move(handle), std::move(choices), start);
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

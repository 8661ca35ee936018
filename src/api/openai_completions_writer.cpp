#include <algorithm>
#include <string>
#include <utility>

#include "api/json_text.h"
#include "api/openai_completions.h"
#include "api/reply_parts.h"

namespace retort::api {
namespace {

struct CompletionWanted {
  int32_t choices;  // of each prompt
  size_t prompts;
  bool echo, usage, logprobs, token_ids, timings;
};

// The logprobs of an old completion: four lists side by side.
Json ListedLogprobs(const std::vector<TokenReport>& tokens, int64_t* offset) {
  Json texts = Json::array(), logprobs = Json::array(), tops = Json::array(),
       offsets = Json::array();
  for (const TokenReport& token : tokens) {
    texts.push_back(ReplacedUtf8(token.chosen.bytes));
    logprobs.push_back(FiniteLogprob(token.chosen.logprob));
    Json top = Json::object();
    for (const LikelyToken& likely : token.top) {
      const std::string text = ReplacedUtf8(likely.bytes);  // of several, the likeliest stays
      if (!top.contains(text)) top[text] = FiniteLogprob(likely.logprob);
    }
    tops.push_back(std::move(top));
    offsets.push_back(*offset);
    *offset += CharactersIn(token.chosen.bytes);
  }
  return {{"tokens", std::move(texts)},
          {"token_logprobs", std::move(logprobs)},
          {"top_logprobs", std::move(tops)},
          {"text_offset", std::move(offsets)}};
}

class CompletionWriter : public ReplyWriter {
 public:
  CompletionWriter(ReplyHead head, CompletionWanted wanted)
      : head_(std::move(head)), wanted_(wanted) {
    const size_t all = wanted.prompts * static_cast<size_t>(wanted.choices);
    for (size_t index = 0; index < all; ++index) offsets_.push_back(FirstOffset(index));
  }

  std::vector<Event> Begin() override {
    std::vector<Event> events;
    for (size_t index = 0; index < offsets_.size(); ++index) {
      const std::string echoed = Echoed(index);
      if (!echoed.empty()) events.push_back({.data = JsonText(Chunk(index, echoed))});
    }
    return events;
  }

  std::vector<Event> Push(const Piece& piece) override {
    const std::string text = piece.reasoning + piece.text;
    const bool shows_tokens = (wanted_.logprobs && !piece.tokens.empty()) ||
                              (wanted_.token_ids && !piece.token_ids.empty());
    if (text.empty() && !shows_tokens) return {};
    const auto index = static_cast<size_t>(piece.choice);
    Json chunk = Chunk(index, text);
    Json& choice = chunk["choices"][0];
    if (wanted_.logprobs && !piece.tokens.empty())
      choice["logprobs"] = ListedLogprobs(piece.tokens, &offsets_[index]);
    if (wanted_.token_ids) choice["token_ids"] = piece.token_ids;
    if (wanted_.timings) chunk["timings"] = TimingsJson(piece.timings);
    return {{.data = JsonText(chunk)}};
  }

  std::vector<Event> End(const std::vector<Outcome>& outcomes) override {
    std::vector<Event> events;
    size_t index = 0;
    for (const Outcome& outcome : outcomes) {
      for (const ChoiceOutcome& choice : outcome.choices) {
        Json chunk = Chunk(index++, "");
        AddFinish(choice, &chunk["choices"][0]);
        chunk["timings"] = TimingsJson(choice.timings);
        events.push_back({.data = JsonText(chunk)});
      }
    }
    if (wanted_.usage) {
      Json chunk = Head();
      chunk["choices"] = Json::array();
      chunk["usage"] = UsageJson(outcomes);
      events.push_back({.data = JsonText(chunk)});
    }
    events.push_back({.data = "[DONE]"});
    return events;
  }

  std::vector<Event> Break(const ErrorReport& error) override {
    return {{.data = JsonText(OpenAiError(error))}};
  }

  Json Whole(const std::vector<Outcome>& outcomes) override {
    Json choices = Json::array();
    for (const Outcome& outcome : outcomes) {
      for (const ChoiceOutcome& choice : outcome.choices)
        choices.push_back(WholeChoice(choice, choices.size()));
    }
    Json answer = Head();
    if (choices.size() == 1) {
      answer["timings"] = std::move(choices[0]["timings"]);
      choices[0].erase("timings");
    }
    answer["choices"] = std::move(choices);
    answer["usage"] = UsageJson(outcomes);
    return answer;
  }

 private:
  // What stands in front of a choice's own text.
  std::string Echoed(size_t index) const {
    const size_t prompt = index / static_cast<size_t>(wanted_.choices);
    return wanted_.echo && prompt < head_.prompts.size() ? head_.prompts[prompt] : std::string();
  }
  int64_t FirstOffset(size_t index) const { return CharactersIn(Echoed(index)); }

  Json Head() const {
    Json head = {{"id", "cmpl-" + head_.id},
                 {"object", "text_completion"},
                 {"created", head_.created},
                 {"model", head_.model}};
    if (!head_.fingerprint.empty()) head["system_fingerprint"] = head_.fingerprint;
    return head;
  }

  Json Chunk(size_t index, const std::string& text) const {
    Json chunk = Head();
    chunk["choices"] = Json::array(
        {{{"index", index}, {"text", text}, {"logprobs", nullptr}, {"finish_reason", nullptr}}});
    if (wanted_.usage) chunk["usage"] = nullptr;
    return chunk;
  }

  Json WholeChoice(const ChoiceOutcome& outcome, size_t index) const {
    Json choice = {{"index", index},
                   {"text", Echoed(index) + outcome.reasoning + outcome.text},
                   {"logprobs", nullptr}};
    int64_t offset = FirstOffset(index);
    if (wanted_.logprobs) choice["logprobs"] = ListedLogprobs(outcome.tokens, &offset);
    AddFinish(outcome, &choice);
    if (wanted_.token_ids) choice["token_ids"] = outcome.token_ids;
    choice["timings"] = TimingsJson(outcome.timings);
    return choice;
  }

  const ReplyHead head_;
  const CompletionWanted wanted_;
  std::vector<int64_t> offsets_;  // in characters, where each choice's next token begins
};

}  // namespace

std::unique_ptr<ReplyWriter> MakeCompletionWriter(ReplyHead head, const GenerateRequest& request) {
  return std::make_unique<CompletionWriter>(
      std::move(head), CompletionWanted{.choices = std::max(request.n, 1),
                                        .prompts = std::max<size_t>(request.prompts.size(), 1),
                                        .echo = request.echo,
                                        .usage = request.include_usage,
                                        .logprobs = request.top_logprobs.has_value(),
                                        .token_ids = request.return_token_ids,
                                        .timings = request.timings_per_token});
}

}  // namespace retort::api

#include <algorithm>
#include <string_view>
#include <utility>

#include "api/json_text.h"
#include "api/openai_chat.h"
#include "api/reply_parts.h"

namespace retort::api {
namespace {

// What a writer keeps of the request.
struct ChatWanted {
  int32_t choices;
  bool usage, reasoning, separate, logprobs, token_ids, timings;
};

void AddReasoning(const std::string& text, Json* message) {
  (*message)["reasoning_content"] = text;
  (*message)["reasoning"] = text;
}

class ChatCompletionWriter : public ReplyWriter {
 public:
  ChatCompletionWriter(ReplyHead head, ChatWanted wanted)
      : head_(std::move(head)),
        wanted_(wanted),
        calls_(static_cast<size_t>(wanted.choices), 0),
        frames_(static_cast<size_t>(wanted.choices)) {}

  std::vector<Event> Begin() override {
    std::vector<Event> events;
    for (int32_t choice = 0; choice < wanted_.choices; ++choice)
      events.push_back(DeltaEvent(choice, {{"role", "assistant"}, {"content", ""}}, {}));
    return events;
  }

  std::vector<Event> Push(const Piece& piece) override {
    if (IsPlainText(piece)) return {{.data = TextChunk(piece)}};
    std::vector<Json> chunks;
    const auto thoughts = Reports(piece.tokens, true), answer = Reports(piece.tokens, false);
    if (wanted_.reasoning && !(piece.reasoning.empty() && thoughts.empty())) {
      Json delta;
      AddReasoning(piece.reasoning, &delta);
      chunks.push_back(DeltaChunk(piece.choice, std::move(delta), thoughts));
    }
    if (!piece.text.empty() || !answer.empty())
      chunks.push_back(DeltaChunk(piece.choice, {{"content", piece.text}}, answer));
    if (!piece.calls.empty())
      chunks.push_back(DeltaChunk(piece.choice, {{"tool_calls", CallDeltas(piece)}}, {}));
    if (chunks.empty() && wanted_.token_ids && !piece.token_ids.empty())
      chunks.push_back(DeltaChunk(piece.choice, Json::object(), {}));
    if (chunks.empty()) return {};
    if (wanted_.token_ids) chunks.front()["choices"][0]["token_ids"] = piece.token_ids;
    if (wanted_.timings) chunks.back()["timings"] = TimingsJson(piece.timings);
    std::vector<Event> events;
    for (const Json& chunk : chunks) events.push_back({.data = JsonText(chunk)});
    return events;
  }

  std::vector<Event> End(const std::vector<Outcome>& outcomes) override {
    std::vector<Event> events;
    int32_t index = 0;
    for (const Outcome& outcome : outcomes) {
      for (const ChoiceOutcome& choice : outcome.choices) {
        Json chunk = DeltaChunk(index++, Json::object(), {});
        AddFinish(choice, &chunk["choices"][0]);
        chunk["timings"] = TimingsJson(choice.timings);
        events.push_back({.data = JsonText(chunk)});
      }
    }
    if (wanted_.usage) {
      Json chunk = Head("chat.completion.chunk");
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
    Json answer = Head("chat.completion");
    Json choices = Json::array();
    for (const Outcome& outcome : outcomes) {
      for (const ChoiceOutcome& choice : outcome.choices)
        choices.push_back(WholeChoice(choice, choices.size()));
    }
    // A single choice's timings stand where a stream has them.
    if (choices.size() == 1) {
      answer["timings"] = std::move(choices[0]["timings"]);
      choices[0].erase("timings");
    }
    answer["choices"] = std::move(choices);
    answer["usage"] = UsageJson(outcomes);
    return answer;
  }

 private:
  Json Head(const char* object) const {
    Json head = {{"id", "chatcmpl-" + head_.id},
                 {"object", object},
                 {"created", head_.created},
                 {"model", head_.model}};
    if (!head_.fingerprint.empty()) head["system_fingerprint"] = head_.fingerprint;
    return head;
  }

  // Nearly all pieces of an answer: text, and nothing that would be told beside it.
  bool IsPlainText(const Piece& piece) const {
    return !piece.text.empty() && piece.calls.empty() && !wanted_.logprobs && !wanted_.token_ids &&
           !wanted_.timings && (piece.reasoning.empty() || !wanted_.reasoning);
  }

  // The same as of DeltaChunk, ten times as fast: most of it never changes.
  std::string TextChunk(const Piece& piece) {
    std::vector<std::string>& frames = frames_[static_cast<size_t>(piece.choice)];
    if (frames.empty()) {
      constexpr std::string_view kEmpty = "{\"content\":\"\"}";
      Json delta = Json::object();
      delta["content"] = "";
      const std::string chunk = JsonText(DeltaChunk(piece.choice, std::move(delta), {}));
      const size_t text = chunk.find(kEmpty) + kEmpty.size() - 3;  // its quotes
      frames.push_back(chunk.substr(0, text));
      frames.push_back(chunk.substr(text + 2));
    }
    return frames[0] + JsonText(piece.text) + frames[1];
  }

  // Those of the reasoning or of the answer; raw text is all answer.
  std::vector<TokenReport> Reports(const std::vector<TokenReport>& tokens, bool reasoning) const {
    std::vector<TokenReport> some;
    if (!wanted_.logprobs) return some;
    for (const TokenReport& token : tokens) {
      if ((token.reasoning && wanted_.separate) != reasoning) continue;
      some.push_back(token);
      some.back().reasoning = reasoning;
    }
    return some;
  }

  Json LogprobsJson(const std::vector<TokenReport>& tokens) const {
    std::vector<TokenReport> all = Reports(tokens, true);
    for (TokenReport& token : Reports(tokens, false)) all.push_back(std::move(token));
    return ChatLogprobsJson(all, wanted_.reasoning && wanted_.separate);
  }

  Json DeltaChunk(int32_t index, Json delta, const std::vector<TokenReport>& tokens) const {
    Json logprobs;
    if (!tokens.empty()) logprobs = LogprobsJson(tokens);
    Json chunk = Head("chat.completion.chunk");
    chunk["choices"] = Json::array({{{"index", index},
                                     {"delta", std::move(delta)},
                                     {"logprobs", std::move(logprobs)},
                                     {"finish_reason", nullptr}}});
    if (wanted_.usage) chunk["usage"] = nullptr;
    return chunk;
  }

  Event DeltaEvent(int32_t index, Json delta, const std::vector<TokenReport>& tokens) const {
    return {.data = JsonText(DeltaChunk(index, std::move(delta), tokens))};
  }

  Json CallDeltas(const Piece& piece) {
    Json deltas = Json::array();
    for (const ToolCall& call : piece.calls) {
      Json delta = {{"index", calls_[static_cast<size_t>(piece.choice)]++}};
      delta.update(ToolCallJson(call));
      deltas.push_back(std::move(delta));
    }
    return deltas;
  }

  Json WholeChoice(const ChoiceOutcome& outcome, size_t index) const {
    Json message = {{"role", "assistant"}, {"content", outcome.text}};
    if (outcome.text.empty() && !outcome.calls.empty()) message["content"] = nullptr;
    message["refusal"] = nullptr;
    if (wanted_.reasoning && !outcome.reasoning.empty()) AddReasoning(outcome.reasoning, &message);
    if (!outcome.calls.empty()) {
      Json calls = Json::array();
      for (const ToolCall& call : outcome.calls) calls.push_back(ToolCallJson(call));
      message["tool_calls"] = std::move(calls);
    }
    Json choice = {{"index", index}, {"message", std::move(message)}, {"logprobs", nullptr}};
    if (wanted_.logprobs) choice["logprobs"] = LogprobsJson(outcome.tokens);
    AddFinish(outcome, &choice);
    if (wanted_.token_ids) choice["token_ids"] = outcome.token_ids;
    choice["timings"] = TimingsJson(outcome.timings);
    return choice;
  }

  const ReplyHead head_;
  const ChatWanted wanted_;
  std::vector<int32_t> calls_;                    // of each choice, so far
  std::vector<std::vector<std::string>> frames_;  // what stands around a text, once it is known
};

}  // namespace

std::unique_ptr<ReplyWriter> MakeChatCompletionWriter(ReplyHead head,
                                                      const GenerateRequest& request) {
  return std::make_unique<ChatCompletionWriter>(
      std::move(head), ChatWanted{.choices = std::max(request.n, 1),
                                  .usage = request.include_usage,
                                  .reasoning = request.include_reasoning,
                                  .separate = request.separate_reasoning,
                                  .logprobs = request.top_logprobs.has_value(),
                                  .token_ids = request.return_token_ids,
                                  .timings = request.timings_per_token});
}

}  // namespace retort::api

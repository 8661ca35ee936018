#include <utility>

#include "api/anthropic_messages.h"
#include "api/json_text.h"
#include "api/reply_parts.h"

namespace retort::api {
namespace {

std::string StopReason(const ChoiceOutcome& outcome) {
  switch (outcome.finish) {
    case Finish::kLength:
    case Finish::kLoop:
      return "max_tokens";
    case Finish::kToolCalls:
      return "tool_use";
    case Finish::kStop:
    case Finish::kCancelled:
    case Finish::kError:
      break;
  }
  return outcome.stop_sequence.empty() ? "end_turn" : "stop_sequence";
}

Json InputOf(const ToolCall& call) {
  Json input = Json::parse(call.arguments, nullptr, /*allow_exceptions=*/false);
  return input.is_object() ? input : Json::object();
}

Json TextOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json AnthropicUsage(const TokenTotals& totals) {
  return {{"input_tokens", totals.prompt - totals.cached},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", totals.cached},
          {"output_tokens", totals.generated}};
}

class AnthropicWriter : public ReplyWriter {
 public:
  AnthropicWriter(ReplyHead head, bool show_thinking)
      : head_(std::move(head)), show_thinking_(show_thinking) {}

  std::vector<Event> Begin() override {
    Send({{"type", "message_start"}, {"message", Message(Json::array(), {})}});
    Send({{"type", "ping"}});
    return std::exchange(events_, {});
  }

  std::vector<Event> Push(const Piece& piece) override {
    if (show_thinking_ && !piece.reasoning.empty()) {
      Open("thinking", {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}});
      SendDelta({{"type", "thinking_delta"}, {"thinking", piece.reasoning}});
    }
    if (!piece.text.empty()) {
      Open("text", {{"type", "text"}, {"text", ""}});
      SendDelta({{"type", "text_delta"}, {"text", piece.text}});
    }
    for (const ToolCall& call : piece.calls) {
      Close();  // each call is a block of its own
      Open("tool_use",
           {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", Json::object()}});
      SendDelta({{"type", "input_json_delta"}, {"partial_json", call.arguments}});
    }
    return std::exchange(events_, {});
  }

  std::vector<Event> End(const std::vector<Outcome>& outcomes) override {
    Close();
    const ChoiceOutcome outcome = First(outcomes);
    Json delta = {{"stop_reason", StopReason(outcome)},
                  {"stop_sequence", TextOrNull(outcome.stop_sequence)}};
    if (outcome.reasoning_truncated) delta["reasoning_truncated"] = true;
    Send({{"type", "message_delta"},
          {"delta", std::move(delta)},
          {"usage", AnthropicUsage(SumTokens(outcomes))}});
    Send({{"type", "message_stop"}});
    return std::exchange(events_, {});
  }

  std::vector<Event> Break(const ErrorReport& error) override {
    return {{.name = "error", .data = JsonText(AnthropicError(error))}};
  }

  Json Whole(const std::vector<Outcome>& outcomes) override {
    const ChoiceOutcome outcome = First(outcomes);
    Json content = Json::array();
    if (show_thinking_ && !outcome.reasoning.empty()) {
      content.push_back({{"type", "thinking"}, {"thinking", outcome.reasoning}, {"signature", ""}});
    }
    if (!outcome.text.empty()) content.push_back({{"type", "text"}, {"text", outcome.text}});
    for (const ToolCall& call : outcome.calls) {
      content.push_back(
          {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", InputOf(call)}});
    }
    Json message = Message(std::move(content), SumTokens(outcomes));
    message["stop_reason"] = StopReason(outcome);
    message["stop_sequence"] = TextOrNull(outcome.stop_sequence);
    if (outcome.reasoning_truncated) message["reasoning_truncated"] = true;
    return message;
  }

 private:
  // The interface has one choice.
  static ChoiceOutcome First(const std::vector<Outcome>& outcomes) {
    if (outcomes.empty() || outcomes[0].choices.empty()) return {};
    return outcomes[0].choices[0];
  }

  Json Message(Json content, const TokenTotals& totals) const {
    return {{"id", "msg_" + head_.id},       {"type", "message"},
            {"role", "assistant"},           {"model", head_.model},
            {"content", std::move(content)}, {"stop_reason", nullptr},
            {"stop_sequence", nullptr},      {"usage", AnthropicUsage(totals)}};
  }

  // An event is named by its type.
  void Send(const Json& data) {
    events_.push_back({.name = data["type"].get<std::string>(), .data = JsonText(data)});
  }

  void SendDelta(Json delta) {
    Send({{"type", "content_block_delta"}, {"index", index_}, {"delta", std::move(delta)}});
  }

  // Goes on with the open block, if it is of this kind.
  void Open(const char* kind, Json block) {
    if (open_ == kind) return;
    Close();
    open_ = kind;
    Send({{"type", "content_block_start"}, {"index", index_}, {"content_block", std::move(block)}});
  }

  void Close() {
    if (open_.empty()) return;
    Send({{"type", "content_block_stop"}, {"index", index_++}});
    open_.clear();
  }

  const ReplyHead head_;
  const bool show_thinking_;
  std::vector<Event> events_;
  int32_t index_ = 0;
  std::string open_;  // the kind of the open block; empty: none is
};

}  // namespace

std::unique_ptr<ReplyWriter> MakeAnthropicWriter(ReplyHead head, const GenerateRequest& request) {
  return std::make_unique<AnthropicWriter>(std::move(head), request.include_reasoning);
}

}  // namespace retort::api

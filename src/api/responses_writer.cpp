#include <utility>

#include "api/json_text.h"
#include "api/openai_responses.h"
#include "api/responses_items.h"

namespace retort::api {
namespace {

enum class ItemKind : uint8_t { kNone, kReasoning, kMessage };

class ResponsesWriter : public ReplyWriter {
 public:
  ResponsesWriter(ReplyHead head, const GenerateRequest& request)
      : items_(head.id),
        response_(ResponsesEnvelope(head, request)),
        show_reasoning_(request.include_reasoning),
        logprobs_(request.top_logprobs.has_value()) {}

  std::vector<Event> Begin() override {
    Send("response.created", {{"response", response_}});
    Send("response.in_progress", {{"response", response_}});
    return std::exchange(events_, {});
  }

  std::vector<Event> Push(const Piece& piece) override {
    if (show_reasoning_ && !piece.reasoning.empty()) {
      Open(ItemKind::kReasoning);
      text_ += piece.reasoning;
      SendAt("response.reasoning_text.delta", {{"delta", piece.reasoning}});
    }
    Json logprobs = logprobs_ ? ResponsesLogprobs(piece.tokens) : Json::array();
    if (!piece.text.empty() || !logprobs.empty()) {
      Open(ItemKind::kMessage);
      text_ += piece.text;
      for (const Json& token : logprobs) text_logprobs_.push_back(token);
      SendAt("response.output_text.delta",
             {{"delta", piece.text}, {"logprobs", std::move(logprobs)}});
    }
    for (const ToolCall& call : piece.calls) SendCall(call);
    return std::exchange(events_, {});
  }

  std::vector<Event> End(const std::vector<Outcome>& outcomes) override {
    const std::string status = StatusOf(outcomes);
    Close(status == "completed" ? status : "incomplete");
    EndResponses(outcomes, &response_);
    const bool known = status == "completed" || status == "failed";
    Send("response." + (known ? status : "incomplete"), {{"response", response_}});
    return std::exchange(events_, {});
  }

  std::vector<Event> Break(const ErrorReport& error) override {
    Close("incomplete");
    response_["status"] = "failed";
    response_["error"] = {{"code", error.status == 429 ? "rate_limit_exceeded" : "server_error"},
                          {"message", ReplacedUtf8(error.message)}};
    Send("response.failed", {{"response", response_}});
    return std::exchange(events_, {});
  }

  Json Whole(const std::vector<Outcome>& outcomes) override {
    Json response = response_;
    EndResponses(outcomes, &response);
    if (outcomes.empty() || outcomes[0].choices.empty()) return response;
    const ChoiceOutcome& outcome = outcomes[0].choices[0];
    Json& output = response["output"];
    const bool cut = StatusOf(outcomes) != "completed";
    // What was begun last is what was cut.
    const auto status = [&](bool is_last) { return cut && is_last ? "incomplete" : "completed"; };
    const bool only_thought = outcome.text.empty() && outcome.calls.empty();
    if (show_reasoning_ && !outcome.reasoning.empty())
      output.push_back(items_.Reasoning(0, outcome.reasoning, status(only_thought)));
    if (!outcome.text.empty()) {
      Json logprobs = logprobs_ ? ResponsesLogprobs(outcome.tokens) : Json();
      output.push_back(items_.Message(output.size(), outcome.text, std::move(logprobs),
                                      status(outcome.calls.empty())));
    }
    for (const ToolCall& call : outcome.calls)
      output.push_back(items_.Call(output.size(), call, "completed"));
    return response;
  }

 private:
  static std::string StatusOf(const std::vector<Outcome>& outcomes) {
    if (outcomes.empty() || outcomes[0].choices.empty()) return "completed";
    return ResponsesStatus(outcomes[0].choices[0].finish);
  }

  size_t index() const { return response_["output"].size(); }  // of the open item

  void Send(const std::string& type, Json members) {
    Json data = {{"type", type}, {"sequence_number", sequence_++}};
    data.update(members);
    events_.push_back({.name = type, .data = JsonText(data)});
  }

  // An event about the open item's content.
  void SendAt(const std::string& type, Json members) {
    Json data = {{"item_id", item_id_}, {"output_index", index()}, {"content_index", 0}};
    data.update(members);
    Send(type, std::move(data));
  }

  Json Item(const std::string& status) const {
    return open_ == ItemKind::kReasoning ? items_.Reasoning(index(), text_, status)
                                         : items_.Message(index(), text_, text_logprobs_, status);
  }

  Json Part() const {
    return open_ == ItemKind::kReasoning ? ResponsesItems::ReasoningPart(text_)
                                         : ResponsesItems::TextPart(text_, text_logprobs_);
  }

  // Goes on with the open item, if it is of this kind.
  void Open(ItemKind kind) {
    if (open_ == kind) return;
    Close("completed");
    open_ = kind;
    Json item = Item("in_progress");
    item_id_ = item["id"].get<std::string>();
    Send("response.output_item.added", {{"output_index", index()}, {"item", std::move(item)}});
    SendAt("response.content_part.added", {{"part", Part()}});
  }

  void Close(const std::string& status) {
    if (open_ == ItemKind::kNone) return;
    if (open_ == ItemKind::kReasoning) {
      SendAt("response.reasoning_text.done", {{"text", text_}});
    } else {
      SendAt("response.output_text.done", {{"text", text_}, {"logprobs", text_logprobs_}});
    }
    SendAt("response.content_part.done", {{"part", Part()}});
    FinishItem(Item(status));
    open_ = ItemKind::kNone;
    text_.clear();
    text_logprobs_ = Json::array();
  }

  void FinishItem(Json item) {
    Send("response.output_item.done", {{"output_index", index()}, {"item", item}});
    response_["output"].push_back(std::move(item));
  }

  void SendCall(const ToolCall& call) {
    Close("completed");
    Json item = items_.Call(index(), call, "completed");
    const Json place = {{"item_id", item["id"]}, {"output_index", index()}};
    Send("response.output_item.added",
         {{"output_index", index()}, {"item", items_.Call(index(), call, "in_progress")}});
    Json delta = place, done = place;
    delta["delta"] = call.arguments;
    done["name"] = call.name;
    done["arguments"] = call.arguments;
    Send("response.function_call_arguments.delta", std::move(delta));
    Send("response.function_call_arguments.done", std::move(done));
    FinishItem(std::move(item));
  }

  const ResponsesItems items_;
  Json response_;  // with the items that are finished
  const bool show_reasoning_, logprobs_;
  std::vector<Event> events_;
  int64_t sequence_ = 0;
  ItemKind open_ = ItemKind::kNone;
  std::string item_id_, text_;  // of the open item
  Json text_logprobs_ = Json::array();
};

}  // namespace

std::unique_ptr<ReplyWriter> MakeResponsesWriter(ReplyHead head, const GenerateRequest& request) {
  return std::make_unique<ResponsesWriter>(std::move(head), request);
}

}  // namespace retort::api

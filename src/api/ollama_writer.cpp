#include <algorithm>
#include <cmath>
#include <utility>

#include "api/json_text.h"
#include "api/ollama.h"
#include "api/reply_parts.h"
#include "base/utc_time.h"

namespace retort::api {
namespace {

int64_t Nanoseconds(double seconds) {
  return static_cast<int64_t>(std::llround(std::clamp(seconds, 0.0, 1e9) * 1e9));
}

std::string DoneReason(Finish finish) {
  return finish == Finish::kLength || finish == Finish::kLoop ? "length" : "stop";
}

// Arguments are objects here, where others have their text.
Json CallsJson(const std::vector<ToolCall>& calls) {
  Json json = Json::array();
  for (const ToolCall& call : calls) {
    Json arguments = Json::parse(call.arguments, nullptr, /*allow_exceptions=*/false);
    if (!arguments.is_object()) arguments = Json::object();
    Json one = Json::object();
    if (!call.id.empty()) one["id"] = call.id;
    one["function"] = {{"name", call.name}, {"arguments", std::move(arguments)}};
    json.push_back(std::move(one));
  }
  return json;
}

// What stands in an answer or in a part of it.
struct Content {
  const std::string& thinking;
  const std::string& text;
  const std::vector<ToolCall>& calls;
  const std::vector<TokenReport>& tokens;
};

class OllamaWriter : public ReplyWriter {
 public:
  OllamaWriter(ReplyHead head, bool is_chat, const GenerateRequest& request)
      : head_(std::move(head)),
        is_chat_(is_chat),
        show_thinking_(request.include_reasoning),
        logprobs_(request.top_logprobs.has_value()) {}

  bool json_lines() const override { return true; }
  std::vector<Event> Begin() override { return {}; }

  std::vector<Event> Push(const Piece& piece) override {
    const bool thinks = show_thinking_ && !piece.reasoning.empty();
    const bool reports = logprobs_ && !piece.tokens.empty();
    if (!thinks && piece.text.empty() && piece.calls.empty() && !reports) return {};
    Json line = Line({piece.reasoning, piece.text, piece.calls, piece.tokens});
    line["done"] = false;
    return {{.data = JsonText(line)}};
  }

  std::vector<Event> End(const std::vector<Outcome>& outcomes) override {
    const Piece nothing;
    Json line = Line({nothing.reasoning, nothing.text, nothing.calls, nothing.tokens});
    AddDone(outcomes, &line);
    return {{.data = JsonText(line)}};
  }

  std::vector<Event> Break(const ErrorReport& error) override {
    return {{.data = JsonText(OllamaError(error))}};
  }

  Json Whole(const std::vector<Outcome>& outcomes) override {
    const ChoiceOutcome outcome = First(outcomes);
    Json line = Line({outcome.reasoning, outcome.text, outcome.calls, outcome.tokens});
    AddDone(outcomes, &line);
    return line;
  }

 private:
  static ChoiceOutcome First(const std::vector<Outcome>& outcomes) {
    if (outcomes.empty() || outcomes[0].choices.empty()) return {};
    return outcomes[0].choices[0];
  }

  Json Line(const Content& content) const {
    Json line = {{"model", head_.model},
                 {"created_at", UtcText(static_cast<std::time_t>(head_.created))}};
    Json body = Json::object();
    if (is_chat_) body["role"] = "assistant";
    body[is_chat_ ? "content" : "response"] = content.text;
    if (show_thinking_ && !content.thinking.empty()) body["thinking"] = content.thinking;
    if (!content.calls.empty()) body["tool_calls"] = CallsJson(content.calls);
    if (is_chat_) {
      line["message"] = std::move(body);
    } else {
      line.update(body);
    }
    if (logprobs_ && !content.tokens.empty()) line["logprobs"] = Reports(content.tokens);
    return line;
  }

  Json Reports(const std::vector<TokenReport>& tokens) const {
    Json reports = Json::array();
    for (const TokenReport& token : tokens) {
      if (!token.reasoning || show_thinking_) reports.push_back(TokenReportJson(token));
    }
    return reports;
  }

  void AddDone(const std::vector<Outcome>& outcomes, Json* line) const {
    const ChoiceOutcome outcome = First(outcomes);
    const ReplyTimings& timings = outcome.timings;
    const TokenTotals totals = SumTokens(outcomes);
    line->update({{"done", true},
                  {"done_reason", DoneReason(outcome.finish)},
                  {"total_duration", Nanoseconds(timings.total_s)},
                  {"load_duration", Nanoseconds(timings.load_s)},
                  {"prompt_eval_count", totals.prompt},
                  {"prompt_eval_duration", Nanoseconds(timings.first_token_s - timings.load_s)},
                  {"eval_count", totals.generated},
                  {"eval_duration", Nanoseconds(timings.total_s - timings.first_token_s)}});
  }

  const ReplyHead head_;
  const bool is_chat_, show_thinking_, logprobs_;
};

}  // namespace

Json OllamaLoadJson(const ReplyHead& head, const GenerateRequest& request, bool is_chat) {
  Json json = {{"model", head.model},
               {"created_at", UtcText(static_cast<std::time_t>(head.created))}};
  if (is_chat) {
    json["message"] = {{"role", "assistant"}, {"content", ""}};
  } else {
    json["response"] = "";
  }
  json["done"] = true;
  json["done_reason"] = request.keep_alive_s == 0 ? "unload" : "load";
  return json;
}

std::unique_ptr<ReplyWriter> MakeOllamaChatWriter(ReplyHead head, const GenerateRequest& request) {
  return std::make_unique<OllamaWriter>(std::move(head), /*is_chat=*/true, request);
}

std::unique_ptr<ReplyWriter> MakeOllamaGenerateWriter(ReplyHead head,
                                                      const GenerateRequest& request) {
  return std::make_unique<OllamaWriter>(std::move(head), /*is_chat=*/false, request);
}

}  // namespace retort::api

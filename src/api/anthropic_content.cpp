#include <optional>
#include <utility>

#include "api/anthropic_messages.h"
#include "api/message_reader.h"
#include "base/quote.h"

namespace retort::api {
namespace {

constexpr size_t kMaxBlocks = 10'000;

// Text, or blocks of nothing else.
std::string ReadTextBlocks(const Json& content, const std::string& path) {
  return ReadContent(content, path, {"text"});
}

class TurnReader {
 public:
  TurnReader(bool is_assistant, std::vector<std::string>* unknown)
      : is_assistant_(is_assistant), unknown_(unknown) {}

  void ReadBlock(const Json& block, const std::string& path) {
    FieldReader fields(block, path);
    const std::string type = fields.NeedText("type");
    fields.Ignore({"cache_control", "citations"});
    if (type == "text") {
      text_.push_back(fields.NeedText("text"));
    } else if (type == "tool_result" && !is_assistant_) {
      ReadToolResult(fields);
    } else if (type == "tool_use" && is_assistant_) {
      ReadToolUse(fields);
    } else if (type == "thinking" && is_assistant_) {
      fields.Text("signature");
      if (!thinking_) thinking_.emplace();
      JoinLine(fields.NeedText("thinking"), &*thinking_);
    } else if (type == "redacted_thinking" && is_assistant_) {
      return;  // nobody but its maker can read it
    } else if (is_assistant_ || (type != "tool_use" && type != "thinking")) {
      RefuseUnsupported(path, fmt::format("is of the type {}; only text and tools are understood "
                                          "here",
                                          Quoted(type)));
    } else {
      RefuseValue(fields.PathOf("type"), block["type"], "text or tool_result");
    }
    fields.ReportUnknown(unknown_);
  }

  // Appends the turn's messages.
  void Finish(Json* messages) {
    for (Json& result : results_) messages->push_back(std::move(result));
    if (!is_assistant_ && text_.empty() && !results_.empty()) return;
    std::string text;
    for (const std::string& part : text_) JoinLine(part, &text);
    Json message = {{"role", is_assistant_ ? "assistant" : "user"}, {"content", std::move(text)}};
    if (thinking_) message["reasoning_content"] = *thinking_;
    if (!calls_.empty()) message["tool_calls"] = std::move(calls_);
    messages->push_back(std::move(message));
  }

 private:
  void ReadToolResult(FieldReader& fields) {
    Json result = {{"role", "tool"}};
    result["tool_call_id"] = fields.NeedText("tool_use_id");
    const Json* content = fields.Find("content");
    result["content"] = content ? ReadTextBlocks(*content, fields.PathOf("content")) : "";
    fields.Bool("is_error");
    results_.push_back(std::move(result));
  }

  void ReadToolUse(FieldReader& fields) {
    const std::string id = fields.NeedText("id"), name = fields.NeedText("name");
    const Json* input = fields.Object("input");
    calls_.push_back(MakeToolCall(id, name, input ? *input : Json::object()));
  }

  bool is_assistant_;
  std::vector<std::string>* unknown_;
  std::vector<std::string> text_;
  std::optional<std::string> thinking_;
  Json calls_ = Json::array();
  std::vector<Json> results_;
};

void ReadTurn(const Json& message, const std::string& path, Json* messages,
              std::vector<std::string>* unknown) {
  FieldReader fields(message, path);
  fields.Need("role", "user or assistant");
  const std::string role = *fields.OneOf("role", {"user", "assistant"});
  const Json& content = fields.Need("content", "a text or an array of blocks");
  const std::string place = fields.PathOf("content");
  if (content.is_string()) {
    messages->push_back({{"role", role}, {"content", TextAt(content, place)}});
  } else {
    if (!content.is_array()) RefuseValue(place, content, "a text or an array of blocks");
    TurnReader turn(role == "assistant", unknown);
    ArrayAt(content, place, kMaxBlocks);
    for (size_t i = 0; i < content.size(); ++i) turn.ReadBlock(content[i], ElementPath(place, i));
    turn.Finish(messages);
  }
  fields.ReportUnknown(unknown);
}

}  // namespace

Json ReadAnthropicMessages(FieldReader& fields, const RequestLimits& limits,
                           std::vector<std::string>* unknown) {
  Json messages = Json::array();
  if (const Json* system = fields.Find("system")) {
    std::string text = ReadTextBlocks(*system, fields.PathOf("system"));
    if (!text.empty()) messages.push_back({{"role", "system"}, {"content", std::move(text)}});
  }
  fields.Need("messages", "an array of messages");
  const Json& turns = *fields.Array("messages", limits.max_messages);
  if (turns.empty()) RefuseValue("messages", turns, "one message or more");
  for (size_t i = 0; i < turns.size(); ++i)
    ReadTurn(turns[i], ElementPath("messages", i), &messages, unknown);
  return messages;
}

}  // namespace retort::api

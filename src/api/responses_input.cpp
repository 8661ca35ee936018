#include <utility>

#include "api/field_reader.h"
#include "api/message_reader.h"
#include "api/openai_responses.h"
#include "base/quote.h"

namespace retort::api {
namespace {

std::string ReadInputText(const Json& content, const std::string& path) {
  return ReadContent(content, path,
                     {"input_text", "output_text", "text", "reasoning_text", "summary_text"});
}

class InputReader {
 public:
  explicit InputReader(std::vector<std::string>* unknown) : unknown_(unknown) {}

  void Read(const Json& item, const std::string& path) {
    FieldReader fields(item, path);
    fields.Ignore({"id", "status"});
    const std::string type = fields.Text("type").value_or("message");
    if (type == "message") {
      ReadMessage(fields);
    } else if (type == "function_call") {
      ReadCall(fields);
    } else if (type == "function_call_output") {
      ReadOutput(fields);
    } else if (type == "reasoning") {
      ReadReasoning(fields);
    } else {
      RefuseUnsupported(fields.PathOf("type"),
                        fmt::format("is {}; give message, function_call, function_call_output or "
                                    "reasoning",
                                    Quoted(type)));
    }
    fields.ReportUnknown(unknown_);
  }

  Json Take() {
    EndTurn();
    return std::move(messages_);
  }

 private:
  void ReadMessage(FieldReader& fields) {
    fields.Need("role", "system, developer, user or assistant");
    std::string role = *fields.OneOf("role", {"system", "developer", "user", "assistant"});
    fields.Ignore({"phase"});
    const Json& content = fields.Need("content", "a text or an array of parts");
    std::string text = ReadInputText(content, fields.PathOf("content"));
    if (role == "assistant") {
      if (Turn().contains("content") || turn_.contains("tool_calls")) EndTurn();
      Turn()["content"] = std::move(text);
      return;
    }
    EndTurn();
    if (role == "developer") role = "system";
    messages_.push_back({{"role", role}, {"content", std::move(text)}});
  }

  void ReadCall(FieldReader& fields) {
    const std::string id = fields.NeedText("call_id"), name = fields.NeedText("name");
    const Json& arguments = fields.Need("arguments", "the text of a JSON object");
    Json call = MakeToolCall(id, name, ReadArguments(arguments, fields.PathOf("arguments")));
    Json& calls = Turn()["tool_calls"];
    if (calls.is_null()) calls = Json::array();
    calls.push_back(std::move(call));
  }

  void ReadOutput(FieldReader& fields) {
    EndTurn();
    const std::string id = fields.NeedText("call_id");
    const Json& output = fields.Need("output", "a text or an array of parts");
    messages_.push_back({{"role", "tool"},
                         {"content", ReadInputText(output, fields.PathOf("output"))},
                         {"tool_call_id", id}});
  }

  void ReadReasoning(FieldReader& fields) {
    fields.Ignore({"encrypted_content"});
    const Json* content = fields.Find("content");
    const Json* summary = fields.Find("summary");
    std::string text = content ? ReadInputText(*content, fields.PathOf("content")) : "";
    const std::string summed = summary ? ReadInputText(*summary, fields.PathOf("summary")) : "";
    if (text.empty()) text = summed;
    // A thought begins what it belongs to.
    if (Turn().size() > 1) EndTurn();
    Turn()["reasoning_content"] = std::move(text);
  }

  // The assistant's message that is being put together.
  Json& Turn() {
    if (turn_.is_null()) turn_ = {{"role", "assistant"}};
    return turn_;
  }

  void EndTurn() {
    if (turn_.is_null()) return;
    if (!turn_.contains("content")) turn_["content"] = "";
    messages_.push_back(std::move(turn_));
    turn_ = nullptr;
  }

  std::vector<std::string>* unknown_;
  Json messages_ = Json::array();
  Json turn_;
};

}  // namespace

Json ReadResponsesInput(const Json& input, const std::string& path, size_t max_items,
                        std::vector<std::string>* unknown) {
  if (input.is_string()) return Json::array({{{"role", "user"}, {"content", TextAt(input, path)}}});
  if (!input.is_array()) RefuseValue(path, input, "a text or an array of items");
  ArrayAt(input, path, max_items);
  if (input.empty()) RefuseValue(path, input, "one item or more");
  InputReader reader(unknown);
  for (size_t i = 0; i < input.size(); ++i) reader.Read(input[i], ElementPath(path, i));
  return reader.Take();
}

}  // namespace retort::api

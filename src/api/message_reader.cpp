#include "api/message_reader.h"

#include <algorithm>
#include <utility>

#include "base/quote.h"
#include "base/strict_json.h"

namespace retort::api {
namespace {

std::string ReadPart(const Json& part, const std::string& path,
                     std::initializer_list<std::string_view> text_types) {
  FieldReader fields(part, path);
  const std::string type = fields.NeedText("type");
  if (type == "refusal") return fields.NeedText("refusal");
  if (std::find(text_types.begin(), text_types.end(), type) != text_types.end())
    return fields.NeedText("text");
  for (std::string_view media : {"image", "audio", "video", "file", "document"}) {
    if (type.find(media) == std::string::npos) continue;
    RefuseUnsupported(path,
                      fmt::format("is of the type {}; only text is understood here", Quoted(type)));
  }
  RefuseValue(fields.PathOf("type"), part["type"], fmt::format("'{}'", *text_types.begin()));
}

Json ReadToolCalls(const Json& calls, const std::string& path, std::vector<std::string>* unknown) {
  Json read = Json::array();
  for (size_t i = 0; i < calls.size(); ++i) {
    FieldReader call(calls[i], ElementPath(path, i));
    call.OneOf("type", {"function"});
    call.Ignore({"index"});
    const std::string id = call.Text("id").value_or("");
    FieldReader function(call.Need("function", "an object with name and arguments"),
                         call.PathOf("function"));
    const std::string name = function.NeedText("name");
    const Json* arguments = function.Find("arguments");
    read.push_back(MakeToolCall(
        id, name,
        arguments ? ReadArguments(*arguments, function.PathOf("arguments")) : Json::object()));
    function.ReportUnknown(unknown);
    call.ReportUnknown(unknown);
  }
  return read;
}

class MessageReader {
 public:
  MessageReader(const Json& message, const std::string& path) : fields_(message, path) {}

  Json Read(std::vector<std::string>* unknown) {
    const Json& role = fields_.Need("role", "system, user, assistant or tool");
    if (role == "function") {
      RefuseUnsupported(fields_.PathOf("role"),
                        "is 'function', of an older interface; send role 'tool'");
    }
    std::string name = *fields_.OneOf("role", {"system", "developer", "user", "assistant", "tool"});
    if (name == "developer") name = "system";
    message_ = {{"role", name}};
    if (name == "assistant") {
      ReadAssistant(unknown);
    } else {
      const Json& content = fields_.Need("content", "a text or an array of parts");
      message_["content"] = ReadContent(content, fields_.PathOf("content"), {"text"});
    }
    if (const auto id = name == "tool" ? fields_.Text("tool_call_id") : std::nullopt)
      message_["tool_call_id"] = *id;
    if (const auto given = fields_.Text("name")) message_["name"] = *given;
    fields_.ReportUnknown(unknown);
    return std::move(message_);
  }

 private:
  void ReadAssistant(std::vector<std::string>* unknown) {
    // Answers of ours come back with more than they need.
    fields_.Ignore({"refusal", "annotations"});
    fields_.Refuse("audio", "sound is not understood here");
    fields_.Refuse("function_call", "this is of an older interface; send tool_calls");
    auto reasoning = fields_.Text("reasoning_content");
    const auto other = fields_.Text("reasoning");
    if (!reasoning) reasoning = other;
    const Json* calls = fields_.Array("tool_calls", kMaxCalls);
    const bool has_calls = calls != nullptr && !calls->empty();
    const Json* content = fields_.Find("content");
    if (content == nullptr && !has_calls && !reasoning) fields_.Need("content", "a text");
    message_["content"] = content ? ReadContent(*content, fields_.PathOf("content"), {"text"}) : "";
    if (reasoning) message_["reasoning_content"] = *reasoning;
    if (has_calls)
      message_["tool_calls"] = ReadToolCalls(*calls, fields_.PathOf("tool_calls"), unknown);
  }

  static constexpr size_t kMaxCalls = 1000;

  FieldReader fields_;
  Json message_;
};

}  // namespace

Json ReadMessages(const Json& messages, const std::string& path,
                  std::vector<std::string>* unknown) {
  if (messages.empty()) RefuseValue(path, messages, "one message or more");
  Json read = Json::array();
  for (size_t i = 0; i < messages.size(); ++i)
    read.push_back(MessageReader(messages[i], ElementPath(path, i)).Read(unknown));
  return read;
}

std::string ReadContent(const Json& content, const std::string& path,
                        std::initializer_list<std::string_view> text_types) {
  if (content.is_string()) return TextAt(content, path);
  if (!content.is_array()) RefuseValue(path, content, "a text or an array of parts");
  std::string text;
  for (size_t i = 0; i < content.size(); ++i)
    JoinLine(ReadPart(content[i], ElementPath(path, i), text_types), &text);
  return text;
}

Json ReadArguments(const Json& arguments, const std::string& path) {
  if (arguments.is_object()) return arguments;
  const std::string text = TextAt(arguments, path);
  if (text.empty()) return Json::object();
  Json read;
  try {
    read = ReadJson(text, path, "send the text of a JSON object");
  } catch (const Error& error) {
    throw RequestError(ErrorCode::kInvalidArgument, path, error.what());
  }
  if (!read.is_object()) RefuseValue(path, arguments, "the text of a JSON object");
  return read;
}

Json MakeToolCall(const std::string& id, const std::string& name, Json arguments) {
  Json call = Json::object();
  if (!id.empty()) call["id"] = id;
  call["type"] = "function";
  call["function"] = {{"name", name}, {"arguments", std::move(arguments)}};
  return call;
}

void JoinLine(const std::string& line, std::string* text) {
  if (!text->empty()) *text += '\n';
  *text += line;
}

}  // namespace retort::api

#include <utility>

#include "api/message_reader.h"
#include "api/ollama.h"

namespace retort::api {
namespace {

constexpr size_t kMaxCalls = 1000;

Json ReadCalls(const Json& calls, const std::string& path, std::vector<std::string>* unknown) {
  Json read = Json::array();
  for (size_t i = 0; i < calls.size(); ++i) {
    FieldReader call(calls[i], ElementPath(path, i));
    call.Ignore({"type", "index"});
    const std::string id = call.Text("id").value_or("");
    FieldReader function(call.Need("function", "an object with name and arguments"),
                         call.PathOf("function"));
    function.Ignore({"index", "description"});
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

Json ReadMessage(const Json& message, const std::string& path, std::vector<std::string>* unknown) {
  FieldReader fields(message, path);
  fields.Need("role", "system, user, assistant or tool");
  const std::string role = *fields.OneOf("role", {"system", "user", "assistant", "tool"});
  fields.Refuse("images", "pictures are not understood here");
  const Json* calls = fields.Array("tool_calls", kMaxCalls);
  const bool has_calls = role == "assistant" && calls != nullptr && !calls->empty();
  const auto thinking = fields.Text("thinking");
  const auto content = fields.Text("content");
  if (!content && !has_calls && !thinking) fields.Need("content", "a text");
  Json read = {{"role", role}, {"content", content.value_or("")}};
  if (role == "assistant" && thinking) read["reasoning_content"] = *thinking;
  if (has_calls) read["tool_calls"] = ReadCalls(*calls, fields.PathOf("tool_calls"), unknown);
  const auto name = fields.Text("tool_name"), id = fields.Text("tool_call_id");
  if (role == "tool" && name) read["name"] = *name;
  if (role == "tool" && id) read["tool_call_id"] = *id;
  fields.ReportUnknown(unknown);
  return read;
}

}  // namespace

Json ReadOllamaMessages(const Json& messages, std::vector<std::string>* unknown) {
  Json read = Json::array();
  for (size_t i = 0; i < messages.size(); ++i)
    read.push_back(ReadMessage(messages[i], ElementPath("messages", i), unknown));
  return read;
}

}  // namespace retort::api

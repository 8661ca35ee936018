#include "api/tool_fields.h"

#include <algorithm>

#include "base/quote.h"

namespace retort::api {
namespace {

using ChoiceKind = ToolChoice::Kind;

bool HasTool(const GenerateRequest& request, const std::string& name) {
  return request.tools.is_array() &&
         std::any_of(request.tools.begin(), request.tools.end(), [&](const Json& tool) {
           return tool["function"]["name"].get_ref<const std::string&>() == name;
         });
}

void ReadToolList(FieldReader& fields, GenerateRequest* request) {
  const Json* tools = fields.Array("tools", kMaxTools);
  if (tools == nullptr) return;
  for (size_t i = 0; i < tools->size(); ++i) {
    FieldReader tool((*tools)[i], ElementPath(fields.PathOf("tools"), i));
    if (const std::string type = tool.NeedText("type"); type != "function") {
      RefuseUnsupported(tool.PathOf("type"),
                        fmt::format("is {}; only functions are supported", Quoted(type)));
    }
    FieldReader function(tool.Need("function", "an object with a name"), tool.PathOf("function"));
    AddTool(ReadFunction(function), function.PathOf("name"), request);
  }
}

ToolChoice ChoiceFrom(const Json& choice, const std::string& path) {
  if (choice == "auto") return {.kind = ChoiceKind::kAuto};
  if (choice == "none") return {.kind = ChoiceKind::kNone};
  if (choice == "required") return {.kind = ChoiceKind::kRequired};
  if (!choice.is_object())
    RefuseValue(path, choice, "none, auto, required or an object that names a function");
  FieldReader fields(choice, path);
  if (const std::string type = fields.NeedText("type"); type != "function") {
    RefuseUnsupported(fields.PathOf("type"),
                      fmt::format("is {}; only 'function' is supported", Quoted(type)));
  }
  FieldReader function(fields.Need("function", "an object with a name"), fields.PathOf("function"));
  return {.kind = ChoiceKind::kNamed, .name = function.NeedText("name")};
}

}  // namespace

void ReadTools(FieldReader& fields, GenerateRequest* request) {
  ReadToolList(fields, request);
  const std::string path = fields.PathOf("tool_choice");
  if (const Json* choice = fields.Find("tool_choice"))
    request->tool_choice = ChoiceFrom(*choice, path);
  CheckToolChoice(*request, path);
  request->parallel_tool_calls = fields.Bool("parallel_tool_calls").value_or(true);
  fields.Refuse("functions", "this is of an older interface; use tools");
  fields.Refuse("function_call", "this is of an older interface; use tool_choice");
}

Json ReadFunction(FieldReader& function, std::string_view parameters) {
  const std::string name = function.NeedText("name");
  if (name.empty() || name.size() > 256)
    RefuseValue(function.PathOf("name"), name, "a name of 1 to 256 bytes");
  Json read = {{"name", name}};
  if (const auto description = function.Text("description")) read["description"] = *description;
  const Json* schema = function.Object(parameters);
  read["parameters"] =
      schema ? *schema : Json({{"type", "object"}, {"properties", Json::object()}});
  if (const auto strict = function.Bool("strict")) read["strict"] = *strict;
  return read;
}

void AddTool(Json function, const std::string& path, GenerateRequest* request) {
  const auto& name = function["name"].get_ref<const std::string&>();
  if (HasTool(*request, name)) RefuseValue(path, name, "each tool a name of its own");
  if (request->tools.is_null()) request->tools = Json::array();
  request->tools.push_back({{"type", "function"}, {"function", std::move(function)}});
}

void CheckToolChoice(const GenerateRequest& request, const std::string& path) {
  const ToolChoice& choice = request.tool_choice;
  if (choice.kind == ChoiceKind::kRequired && request.tools.is_null()) {
    throw RequestError(ErrorCode::kInvalidArgument, path,
                       fmt::format("{} wants a tool to be called, but there are no tools", path));
  }
  if (choice.kind == ChoiceKind::kNamed && !HasTool(request, choice.name)) {
    throw RequestError(
        ErrorCode::kInvalidArgument, path,
        fmt::format("{} names {}; give the name of one of the tools", path, Quoted(choice.name)));
  }
}

}  // namespace retort::api

#include "grammar/tool_call_grammar.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/quote.h"
#include "base/strict_json.h"
#include "grammar/json_schema.h"

namespace retort {
namespace {

using SchemaJson = nlohmann::ordered_json;

void CheckNames(std::span<const ToolSignature> tools) {
  if (tools.empty()) {
    Fail(ErrorCode::kInvalidArgument, "an answer that must call a tool needs one at least");
  }
  std::set<std::string> names;
  for (const ToolSignature& tool : tools) {
    if (tool.name.empty()) Fail(ErrorCode::kInvalidArgument, "a tool has no name");
    if (!names.insert(tool.name).second) {
      Fail(ErrorCode::kInvalidArgument, "two tools are named {}; rename one", Quoted(tool.name));
    }
  }
}

std::string InQuotes(const std::string& name) {
  return SchemaJson(name).dump(-1, ' ', /*ensure_ascii=*/false,
                               SchemaJson::error_handler_t::replace);
}

// Of the schema, what is an object: without a type, a schema may allow other values, too.
SchemaJson ObjectsOf(SchemaJson schema, const std::string& source) {
  if (schema == true) return SchemaJson{{"type", "object"}};
  if (!schema.is_object()) return schema;
  const auto type = schema.find("type");
  const bool fine =
      type == schema.end() || *type == "object" ||
      (type->is_array() && std::ranges::find(*type, SchemaJson("object")) != type->end());
  if (!fine) {
    Fail(ErrorCode::kInvalidArgument, "{}: #/type: the arguments of a tool are an object, not {}",
         source, Quoted(type->dump()));
  }
  schema["type"] = "object";
  return schema;
}

GrammarTree ArgumentsGrammar(const ToolSignature& tool) {
  const std::string source = "parameters of the tool " + Quoted(tool.name);
  if (tool.parameters.size() > kMaxGrammarBytes) {
    Fail(ErrorCode::kResourceExhausted, "{}: the schema has {} bytes; {} at most", source,
         tool.parameters.size(), kMaxGrammarBytes);
  }
  const SchemaJson none = {{"type", "object"}, {"properties", SchemaJson::object()}};
  const SchemaJson schema =
      tool.parameters.empty() ? none : ReadJson(tool.parameters, source, "give a JSON schema");
  return JsonSchemaGrammar(schema.is_null() ? none : ObjectsOf(schema, source), source);
}

}  // namespace

GrammarTree ToolCallGrammar(const ToolCallFrame& frame, std::span<const ToolSignature> tools,
                            bool parallel) {
  CheckNames(tools);
  GrammarTree tree("tool calls");
  const RuleId root = tree.AddRule("root"), call = tree.AddRule("call");
  tree.SetRoot(root);
  std::vector<ExprId> ways;
  for (const ToolSignature& tool : tools) {
    const std::string name = frame.quoted_name ? InQuotes(tool.name) : tool.name;
    ways.push_back(tree.Sequence({tree.Bytes(name + frame.between),
                                  tree.Include(ArgumentsGrammar(tool)), tree.Bytes(frame.end)}));
  }
  tree.SetRule(call, tree.Sequence({tree.Bytes(frame.begin), tree.Choice(std::move(ways))}));
  std::vector<ExprId> parts = {tree.Bytes(frame.whole_begin), tree.Call(call)};
  if (parallel) {
    const ExprId another = tree.Sequence({tree.Bytes(frame.separator), tree.Call(call)});
    parts.push_back(tree.Repeat(another, 0, kUnbounded));
  }
  parts.push_back(tree.Bytes(frame.whole_end));
  tree.SetRule(root, tree.Sequence(std::move(parts)));
  return tree;
}

}  // namespace retort

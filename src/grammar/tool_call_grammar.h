// The grammar of an answer that calls a tool and says nothing else: each call is of one of the
// tools, its arguments follow the tool's schema.
//
//   const ToolCallFrame frame = {.begin = "<call>", .between = " ", .end = "</call>"};
//   const std::vector<ToolSignature> tools = {{"get_weather", R"({"properties": ...})"}};
//   GrammarTree tree = ToolCallGrammar(frame, tools, /*parallel=*/false);
//   // <call>get_weather {"city": "Paris"}</call>
//
// What stands around names and arguments is the model's own way and given by the caller
// (runtime/tool_answer.h has it from the chat template). Schemas are read as json_schema.h says.
//
// Errors, each naming the tool: those of JsonSchemaGrammar; kInvalidArgument for no tools, for a
// name that is empty or comes twice, and for parameters that are no object. Stateless, thread-safe.
#pragma once

#include <span>
#include <string>

#include "grammar/grammar_tree.h"

namespace retort {

struct ToolSignature {
  std::string name = {};
  // The JSON schema of its arguments, which are an object; empty: it takes none.
  std::string parameters = {};
};

// whole_begin  begin NAME between ARGUMENTS end  separator  begin NAME ... end  whole_end
struct ToolCallFrame {
  std::string whole_begin = {}, whole_end = {};
  std::string begin = {}, between = {}, end = {};
  std::string separator = {};
  bool quoted_name = false;  // the name is a JSON string
};

// `parallel`: one call or more, instead of exactly one.
GrammarTree ToolCallGrammar(const ToolCallFrame& frame, std::span<const ToolSignature> tools,
                            bool parallel);

}  // namespace retort

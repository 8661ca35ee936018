// Tools that a model may call, in the form that chat templates read.
//
//   ReadTools(fields, &request);          // request.tools, tool_choice, parallel_tool_calls
//
// A choice that needs a tool must have one. Errors: RequestError naming the field; kUnsupported for
// tools that are not functions. Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/generate_request.h"

namespace retort::api {

// OpenAI's chat: [{"type": "function", "function": {"name", "description", "parameters"}}] and
// "none", "auto", "required" or {"type": "function", "function": {"name"}}.
void ReadTools(FieldReader& fields, GenerateRequest* request);

// One tool whose members are those of a "function" above. `parameters` may be named otherwise:
// "input_schema". Unknown members are left out.
Json ReadFunction(FieldReader& function, std::string_view parameters = "parameters");
// Adds it as {"type": "function", "function": ...}; refuses a name that is there.
void AddTool(Json function, const std::string& path, GenerateRequest* request);
// Refuses what cannot be chosen: a tool that is not there, or any where there is none.
void CheckToolChoice(const GenerateRequest& request, const std::string& path);

constexpr size_t kMaxTools = 1000;

}  // namespace retort::api

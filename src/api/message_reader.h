// The messages of OpenAI's chat interface, in the form that chat templates read.
//
//   request.messages = ReadMessages(*fields.Array("messages", limits.max_messages), "messages",
//                                   &request.unknown_fields);
//   // [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "17 * 23?"}]
//
// A content of several parts of text becomes one text, the parts on lines of their own. `developer`
// is `system`. An assistant's reasoning (`reasoning_content` or `reasoning`) is kept as
// "reasoning_content"; whether earlier thoughts are shown is for the template to say. Arguments of
// tool calls become objects. Errors: RequestError naming the path, kUnsupported for pictures, sound
// and files. Stateless and thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/generate_request.h"

namespace retort::api {

Json ReadMessages(const Json& messages, const std::string& path, std::vector<std::string>* unknown);

// A text, or an array of parts with text. `text_types` are the values of "type" that have their
// text in "text"; other types are refused, those of media as unsupported.
std::string ReadContent(const Json& content, const std::string& path,
                        std::initializer_list<std::string_view> text_types);
// The object that a tool call's arguments are: as text or as they are; "" is {}.
Json ReadArguments(const Json& arguments, const std::string& path);
// A call in a template's form.
Json MakeToolCall(const std::string& id, const std::string& name, Json arguments);
// To the texts so far, on a line of its own.
void JoinLine(const std::string& line, std::string* text);

}  // namespace retort::api

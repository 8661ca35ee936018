// What an answer may be: JSON, JSON of a schema, or a text of a grammar.
//
//   request.format = ReadOutputFormat(fields);
//
//   response_format      {"type": "text" | "json_object" | "json_schema", "json_schema":
//   {"schema"}}
//                        and llama.cpp's {"type": "json_object", "schema"}
//   structured_outputs   vLLM's {"json" | "json_object" | "grammar" | "choice": ...}
//   guided_json, guided_grammar, guided_choice    the same, of older vLLM
//   json_schema, grammar                          llama.cpp's
//
// One of them at most. Whether a schema or a grammar can be compiled is not looked at here. Errors:
// RequestError naming the field; kUnsupported for regular expressions and structural tags.
// Stateless and thread-safe.
#pragma once

#include <string>
#include <vector>

#include "api/field_reader.h"
#include "api/generate_request.h"

namespace retort::api {

OutputFormat ReadOutputFormat(FieldReader& fields);

// {"type": ..., "schema": ...} of OpenAI's responses, or {"type", "json_schema": {"schema"}}.
OutputFormat ReadFormatObject(const Json& format, const std::string& path);
OutputFormat SchemaFormat(const Json& schema, const std::string& path);
// A grammar in GBNF whose texts are just these.
std::string ChoiceGrammar(const std::vector<std::string>& choices);

}  // namespace retort::api

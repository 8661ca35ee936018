// A JSON schema as a grammar: what is generated is JSON text of an instance, in the order in which
// the schema names the properties.
//
//   const GrammarTree tree = JsonSchemaGrammar(R"({"type": "object", "properties": ...})",
//   "a.json");
//
// Understood: type (also a list), enum, const; properties, required, additionalProperties; items,
// prefixItems, minItems, maxItems; anyOf, oneOf (as anyOf), allOf where it can be merged; $ref
// within the schema, also to itself; minLength, maxLength, pattern (string_pattern.h), format
// (date, time, date-time, uuid, email, ipv4); minimum, maximum, exclusiveMinimum, exclusiveMaximum,
// of type number with whole bounds; nullable. docs/constrained-output.md says what each becomes.
// Where a schema leaves something open, a part of what it allows is generated: an object without
// additionalProperties gets the properties that are named, and no others.
//
// Errors, each naming the place as a JSON pointer: kUnsupported for keywords beyond these
// (annotations are ignored), kInvalidArgument for what contradicts itself or the standard, kCorrupt
// for what is no JSON, kResourceExhausted beyond the limits of grammar_tree.h. Stateless,
// thread-safe. Source: JSON Schema 2020-12.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "grammar/grammar_tree.h"

namespace retort {

GrammarTree JsonSchemaGrammar(std::string_view text, std::string_view source);
GrammarTree JsonSchemaGrammar(const nlohmann::ordered_json& schema, std::string_view source);

// Any JSON object.
GrammarTree JsonObjectGrammar();

}  // namespace retort

// Makes a grammar of a JSON schema. The parts are in schema_compiler.cpp (references, combinations,
// types), schema_object.cpp, schema_array.cpp and schema_scalars.cpp.
//
//   GrammarTree tree = SchemaCompiler(schema, "a.json").Compile();
//
// What a $ref points to becomes a rule, compiled from a list of such, so that references to
// themselves end. Errors: as json_schema.h. Not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "grammar/grammar_tree.h"
#include "grammar/json_text.h"
#include "grammar/schema_keywords.h"

namespace retort {

class SchemaCompiler {
 public:
  // The schema must outlive it.
  SchemaCompiler(const SchemaJson& schema, std::string_view source)
      : root_(schema), source_(source), tree_(source), json_(tree_) {}

  GrammarTree Compile();

 private:
  struct Property {
    std::string name;
    ExprId member = 0;  // key, colon and value
    bool required = false;
  };

  // Any value that the schema allows.
  ExprId Value(const SchemaAt& at);
  ExprId ValueOfObject(const SchemaAt& at);
  ExprId OfType(const SchemaAt& at, const std::string& type);
  ExprId Below(const SchemaAt& at, const char* keyword, const SchemaJson& schema,
               std::string_view step = {});

  // The schema without $ref and allOf, which are merged into it; `merged` tells if there were some.
  SchemaJson Flatten(const SchemaAt& at, bool& merged, int depth = 0);
  ExprId Alternatives(const SchemaAt& at, const char* keyword);
  ExprId Reference(const SchemaAt& at);
  const SchemaJson& Target(const SchemaAt& at, const std::string& reference) const;
  ExprId Values(const SchemaAt& at);  // enum and const

  ExprId Object(const SchemaAt& at);
  std::vector<Property> Properties(const SchemaAt& at);
  std::set<std::string> Required(const SchemaAt& at);
  Members InOrder(const std::vector<Property>& properties, std::optional<ExprId> further);
  ExprId FurtherKey(const std::vector<Property>& properties);
  ExprId KeyBut(const std::vector<std::vector<uint32_t>>& names, size_t from);

  ExprId Array(const SchemaAt& at);
  Members ItemsBehind(const std::vector<ExprId>& first, std::optional<ExprId> further, int32_t min,
                      int32_t max);

  ExprId String(const SchemaAt& at);
  ExprId Integer(const SchemaAt& at);
  ExprId Number(const SchemaAt& at);

  ExprId AsRule(std::string name, ExprId expr);

  const SchemaJson& root_;
  std::string source_;
  GrammarTree tree_;
  JsonText json_;
  std::map<std::string, RuleId> references_;            // by what they say
  std::deque<std::pair<std::string, RuleId>> waiting_;  // references that are not compiled yet
  std::map<std::string, RuleId> merged_;                // by the schema's text
  int depth_ = 0;                                       // of schemas inside each other
};

}  // namespace retort

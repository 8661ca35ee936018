#include "grammar/schema_compiler.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/quote.h"
#include "base/strict_json.h"
#include "grammar/json_schema.h"

namespace retort {
namespace {

constexpr int kMaxSchemaDepth = 220;
constexpr int kMaxReferences = 32;  // that lead to each other before something else comes

bool HasAssertions(const SchemaJson& schema, std::string_view besides) {
  for (const auto& [keyword, value] : schema.items()) {
    if (keyword != besides && !IsAnnotation(keyword)) return true;
  }
  return false;
}

[[noreturn]] void RefuseReference(const SchemaAt& at, const std::string& reference, ErrorCode code,
                                  const char* why) {
  Fail(code, "{}: the reference {} {}", at.Place("$ref"), Quoted(reference), why);
}

}  // namespace

GrammarTree SchemaCompiler::Compile() {
  const RuleId root = tree_.AddRule("#");
  tree_.SetRoot(root);
  references_.emplace("#", root);
  waiting_.emplace_back("#", root);
  for (; !waiting_.empty(); waiting_.pop_front()) {
    const auto [reference, rule] = waiting_.front();
    const SchemaAt top = {root_, "#", source_};
    tree_.SetRule(rule, Value({Target(top, reference), reference, source_}));
  }
  return std::move(tree_);
}

ExprId SchemaCompiler::AsRule(std::string name, ExprId expr) {
  const RuleId rule = tree_.AddRule(std::move(name));
  tree_.SetRule(rule, expr);
  return tree_.Call(rule);
}

ExprId SchemaCompiler::Below(const SchemaAt& at, const char* keyword, const SchemaJson& schema,
                             std::string_view step) {
  const std::string last = step.empty() ? "" : PointerStep(step);
  return Value({schema, at.pointer + PointerStep(keyword) + last, source_});
}

ExprId SchemaCompiler::Value(const SchemaAt& at) {
  if (at.schema == true) return json_.AnyValue();
  if (at.schema == false) {
    Fail(ErrorCode::kInvalidArgument, "{}: false allows no value", at.Place());
  }
  if (!at.schema.is_object()) {
    Fail(ErrorCode::kInvalidArgument, "{}: {} stands where a schema is wanted", at.Place(),
         Quoted(at.schema.dump()));
  }
  if (++depth_ > kMaxSchemaDepth) {
    Fail(ErrorCode::kResourceExhausted, "{}: schemas stand more than {} deep in each other",
         at.Place(), kMaxSchemaDepth);
  }
  const ExprId value = ValueOfObject(at);
  --depth_;
  return value;
}

ExprId SchemaCompiler::ValueOfObject(const SchemaAt& at) {
  CheckKeywords(at);
  if (at.Find("$ref") != nullptr && !HasAssertions(at.schema, "$ref")) return Reference(at);
  bool merged = false;
  const SchemaJson flat = Flatten(at, merged);
  const SchemaAt flat_at = {flat, at.pointer, source_};
  if (!flat.is_object()) return Value(flat_at);
  if (!merged) {
    if (flat.value("nullable", SchemaJson()) == true) {
      SchemaJson rest = flat;
      rest.erase("nullable");
      return tree_.Choice({Value({rest, at.pointer, source_}), json_.Null()});
    }
    for (const char* keyword : {"anyOf", "oneOf"}) {
      if (flat.contains(keyword)) return Alternatives(flat_at, keyword);
    }
    if (flat.contains("enum") || flat.contains("const")) return Values(flat_at);
    const std::vector<std::string> types = TypesOf(flat_at);
    if (types.empty()) return json_.AnyValue();
    std::vector<ExprId> ways;
    for (const std::string& type : types) ways.push_back(OfType(flat_at, type));
    return tree_.Choice(std::move(ways));
  }
  // What is merged holds its parts, and these may lead back here: then the rule is there already.
  const auto [known, is_new] = merged_.try_emplace(flat.dump(), 0);
  if (is_new) {
    const RuleId rule = known->second = tree_.AddRule(at.pointer);
    tree_.SetRule(rule, Value(flat_at));
    return tree_.Call(rule);
  }
  return tree_.Call(known->second);
}

ExprId SchemaCompiler::OfType(const SchemaAt& at, const std::string& type) {
  if (type == "object") return Object(at);
  if (type == "array") return Array(at);
  if (type == "string") return String(at);
  if (type == "integer") return Integer(at);
  if (type == "number") return Number(at);
  return type == "boolean" ? json_.Boolean() : json_.Null();
}

SchemaJson SchemaCompiler::Flatten(const SchemaAt& at, bool& merged, int depth) {
  if (!at.schema.is_object()) return at.schema;
  CheckKeywords(at);
  if (depth > kMaxReferences) {
    Fail(ErrorCode::kInvalidArgument,
         "{}: references and allOf lead more than {} times to others of these, perhaps in a circle",
         at.Place(), kMaxReferences);
  }
  SchemaJson flat = at.schema;
  const auto merge = [&](const SchemaJson& part, const std::string& pointer) {
    merged = true;
    flat = MergeSchemas(at, flat, Flatten({part, pointer, source_}, merged, depth + 1));
  };
  if (at.Find("$ref") != nullptr) {
    const std::string reference = TextAt(at, "$ref");
    flat.erase("$ref");
    merge(Target(at, reference), reference);
  }
  if (const SchemaJson* parts = at.Find("allOf")) {
    if (!parts->is_array() || parts->empty()) {
      Fail(ErrorCode::kInvalidArgument, "{}: a list of schemas is wanted here", at.Place("allOf"));
    }
    flat.erase("allOf");
    for (size_t i = 0; i < parts->size(); ++i) {
      merge((*parts)[i], at.pointer + "/allOf/" + std::to_string(i));
    }
  }
  return flat;
}

ExprId SchemaCompiler::Alternatives(const SchemaAt& at, const char* keyword) {
  const SchemaJson& branches = at.schema.at(keyword);
  if (!branches.is_array() || branches.empty()) {
    Fail(ErrorCode::kInvalidArgument, "{}: a list of schemas is wanted here", at.Place(keyword));
  }
  SchemaJson beside = at.schema;
  beside.erase(keyword);
  const bool alone = !HasAssertions(beside, "");
  std::vector<ExprId> ways;
  for (size_t i = 0; i < branches.size(); ++i) {
    const std::string step = std::to_string(i);
    if (alone) {
      ways.push_back(Below(at, keyword, branches[i], step));
    } else {
      // Both must hold: left to Flatten.
      const SchemaJson both = {{"allOf", SchemaJson::array({beside, branches[i]})}};
      ways.push_back(Below(at, keyword, both, step));
    }
  }
  return tree_.Choice(std::move(ways));
}

ExprId SchemaCompiler::Reference(const SchemaAt& at) {
  const std::string reference = TextAt(at, "$ref");
  Target(at, reference);
  const auto [known, is_new] = references_.try_emplace(reference, 0);
  if (is_new) {
    known->second = tree_.AddRule(reference);
    waiting_.emplace_back(reference, known->second);
  }
  return tree_.Call(known->second);
}

const SchemaJson& SchemaCompiler::Target(const SchemaAt& at, const std::string& reference) const {
  if (!reference.starts_with('#')) {
    RefuseReference(at, reference, ErrorCode::kUnsupported,
                    "leads out of the schema; put its target under $defs");
  }
  if (reference.size() > 1 && reference[1] != '/') {
    RefuseReference(at, reference, ErrorCode::kUnsupported,
                    "is no JSON pointer, as #/$defs/name is");
  }
  try {
    const SchemaJson::json_pointer pointer(reference.substr(1));
    if (root_.contains(pointer)) return root_.at(pointer);
  } catch (const SchemaJson::exception&) {
    RefuseReference(at, reference, ErrorCode::kInvalidArgument,
                    "is no JSON pointer, as #/$defs/name is");
  }
  RefuseReference(at, reference, ErrorCode::kNotFound, "leads nowhere");
}

ExprId SchemaCompiler::Values(const SchemaAt& at) {
  for (const auto& [keyword, value] : at.schema.items()) {
    if (keyword == "type" || keyword == "enum" || keyword == "const" || IsAnnotation(keyword)) {
      continue;
    }
    Fail(ErrorCode::kUnsupported, "{}: {} cannot stand beside enum or const; leave it out",
         at.Place(keyword), Quoted(keyword));
  }
  const SchemaJson* listed = at.Find("enum");
  if (listed != nullptr && !listed->is_array()) {
    Fail(ErrorCode::kInvalidArgument, "{}: a list of values is wanted here", at.Place("enum"));
  }
  SchemaJson values = listed != nullptr ? *listed : SchemaJson::array({at.schema.at("const")});
  const std::vector<std::string> types =
      at.schema.contains("type") ? TypesOf(at) : std::vector<std::string>();
  std::vector<ExprId> ways;
  for (const SchemaJson& value : values) {
    const bool typed =
        types.empty() || std::any_of(types.begin(), types.end(),
                                     [&](const std::string& type) { return HasType(value, type); });
    const SchemaJson* constant = at.Find("const");
    if (typed && (constant == nullptr || *constant == value)) ways.push_back(json_.Literal(value));
  }
  if (ways.empty()) {
    Fail(ErrorCode::kInvalidArgument, "{}: none of the values is allowed", at.Place());
  }
  return tree_.Choice(std::move(ways));
}

GrammarTree JsonSchemaGrammar(const SchemaJson& schema, std::string_view source) {
  return SchemaCompiler(schema, source).Compile();
}

GrammarTree JsonSchemaGrammar(std::string_view text, std::string_view source) {
  if (text.size() > kMaxGrammarBytes) {
    Fail(ErrorCode::kResourceExhausted, "{}: the schema has {} bytes; {} at most", source,
         text.size(), kMaxGrammarBytes);
  }
  return JsonSchemaGrammar(ReadJson(text, source, "give a JSON schema"), source);
}

GrammarTree JsonObjectGrammar() {
  return JsonSchemaGrammar(SchemaJson{{"type", "object"}}, "JSON object");
}

}  // namespace retort

// Objects: properties in the order of the schema, those that are not required left out at will.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/quote.h"
#include "grammar/schema_compiler.h"

namespace retort {

ExprId SchemaCompiler::Object(const SchemaAt& at) {
  const std::vector<Property> properties = Properties(at);
  const SchemaJson* more = at.Find("additionalProperties");
  std::optional<ExprId> further;
  // Named properties alone, unless the schema asks for others; without names it asks for any.
  if (more == nullptr ? properties.empty() && !at.schema.contains("properties") : *more != false) {
    if (properties.empty() && (more == nullptr || *more == true)) return json_.AnyObject();
    const ExprId value =
        more == nullptr ? json_.AnyValue() : Below(at, "additionalProperties", *more);
    further = json_.Member(FurtherKey(properties), value);
  }
  return AsRule(at.pointer, json_.Braces("{", InOrder(properties, further), "}"));
}

std::vector<SchemaCompiler::Property> SchemaCompiler::Properties(const SchemaAt& at) {
  std::set<std::string> required = Required(at);
  std::vector<Property> properties;
  const auto add = [&](const std::string& name, ExprId value, bool is_required) {
    properties.push_back({name, json_.Member(json_.Literal(name), value), is_required});
  };
  if (const SchemaJson* named = at.Find("properties")) {
    if (!named->is_object()) {
      Fail(ErrorCode::kInvalidArgument, "{}: an object is wanted here", at.Place("properties"));
    }
    for (const auto& [name, schema] : named->items()) {
      const bool is_required = required.erase(name) > 0;
      if (schema == false && !is_required) continue;
      add(name, Below(at, "properties", schema, name), is_required);
    }
  }
  for (const std::string& name : required) {
    const SchemaJson* more = at.Find("additionalProperties");
    if (more != nullptr && *more == false) {
      Fail(ErrorCode::kInvalidArgument,
           "{}: {} is required, and additionalProperties allows no such property",
           at.Place("required"), Quoted(name));
    }
    add(name, more == nullptr ? json_.AnyValue() : Below(at, "additionalProperties", *more), true);
  }
  return properties;
}

std::set<std::string> SchemaCompiler::Required(const SchemaAt& at) {
  std::set<std::string> required;
  const SchemaJson* names = at.Find("required");
  if (names == nullptr) return required;
  const bool fine =
      names->is_array() &&
      std::all_of(names->begin(), names->end(), [](const auto& name) { return name.is_string(); });
  if (!fine) {
    Fail(ErrorCode::kInvalidArgument, "{}: a list of names is wanted here", at.Place("required"));
  }
  for (const SchemaJson& name : *names) required.insert(name.get<std::string>());
  return required;
}

// The members with commas between them. A rule for each property says what may come behind it, so
// that the grammar grows with the number of properties and not with that of their selections.
Members SchemaCompiler::InOrder(const std::vector<Property>& properties,
                                std::optional<ExprId> further) {
  ExprId rest = tree_.Bytes("");  // behind the property at hand, some member having come
  // Members from the property at hand on, the first of them being the first of all.
  std::vector<ExprId> first;
  bool none = true;
  if (further) {
    rest = tree_.Repeat(tree_.Sequence({json_.Comma(), *further}), 0, kUnbounded);
    first.push_back(tree_.Sequence({*further, rest}));
  }
  for (auto property = properties.rbegin(); property != properties.rend(); ++property) {
    rest = AsRule("behind " + property->name, rest);
    if (property->required) {
      first.clear();
      none = false;
    }
    first.push_back(tree_.Sequence({property->member, rest}));
    const ExprId next = tree_.Sequence({json_.Comma(), property->member});
    rest = tree_.Sequence({property->required ? next : tree_.Optional(next), rest});
  }
  if (first.empty()) return {.some = {}, .none = none};
  return {.some = tree_.Choice(std::move(first)), .none = none};
}

// A key that is none of those that are named.
ExprId SchemaCompiler::FurtherKey(const std::vector<Property>& properties) {
  if (properties.empty()) return json_.String();
  std::vector<std::vector<uint32_t>> names;
  for (const Property& property : properties) names.push_back(ToCodePoints(property.name));
  return AsRule("key", json_.Quotes(KeyBut(names, 0)));
}

// What stands from character `from` on in a key that begins like all these names and is none.
ExprId SchemaCompiler::KeyBut(const std::vector<std::vector<uint32_t>>& names, size_t from) {
  std::map<uint32_t, std::vector<std::vector<uint32_t>>> by_next;
  bool is_name = false;
  for (const auto& name : names) {
    if (name.size() == from) {
      is_name = true;
    } else {
      by_next[name[from]].push_back(name);
    }
  }
  CodePoints next;
  std::vector<ExprId> ways;
  for (const auto& [c, those] : by_next) {
    next.push_back({c, c});
    ways.push_back(tree_.Sequence({json_.InString({{c, c}}), KeyBut(those, from + 1)}));
  }
  // From the first character on that no name has here, anything. It is written in one way alone,
  // so that an escape cannot spell a name.
  const CodePoints others = Complement(Normalized(next));
  ways.push_back(
      tree_.Sequence({json_.InString(others), tree_.Repeat(json_.AnyInString(), 0, kUnbounded)}));
  if (!is_name) ways.push_back(tree_.Bytes(""));
  return tree_.Choice(std::move(ways));
}

}  // namespace retort

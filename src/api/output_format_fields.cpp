#include "api/output_format_fields.h"

#include <cstdint>

#include "base/strict_json.h"

namespace retort::api {
namespace {

using FormatKind = OutputFormat::Kind;

OutputFormat GrammarFormat(const Json& grammar, const std::string& path) {
  if (grammar == "") RefuseValue(path, grammar, "a grammar in GBNF");
  return {.kind = FormatKind::kGrammar, .grammar = TextAt(grammar, path)};
}

OutputFormat ChoiceFormat(const Json& choices, const std::string& path) {
  constexpr size_t kMaxChoices = 1000;
  const std::vector<std::string> texts = TextsAt(choices, path, kMaxChoices);
  if (texts.empty()) RefuseValue(path, choices, "one choice or more");
  return {.kind = FormatKind::kGrammar, .grammar = ChoiceGrammar(texts)};
}

// Takes formats as fields name them, and lets no two in.
class FormatCollector {
 public:
  void Add(const Json* value, const std::string& path,
           OutputFormat (*read)(const Json&, const std::string&)) {
    if (value == nullptr) return;
    OutputFormat format = read(*value, path);
    if (format.kind == FormatKind::kText) return;
    if (!path_.empty()) {
      throw RequestError(
          ErrorCode::kInvalidArgument, path,
          fmt::format("{} and {} both say what an answer may be; give one of them", path_, path));
    }
    path_ = path;
    format_ = std::move(format);
  }

  void AddStructured(const Json& outputs, const std::string& path) {
    constexpr const char* kOthers = "this is not supported; give json, grammar or choice";
    FieldReader fields(outputs, path);
    Add(fields.Find("json"), fields.PathOf("json"), SchemaFormat);
    Add(fields.Find("grammar"), fields.PathOf("grammar"), GrammarFormat);
    Add(fields.Find("choice"), fields.PathOf("choice"), ChoiceFormat);
    if (fields.Bool("json_object") == true) {
      Add(&outputs["json_object"], fields.PathOf("json_object"),
          [](const Json&, const std::string&) {
            return OutputFormat{.kind = FormatKind::kJsonObject};
          });
    }
    fields.Refuse("regex", kOthers);
    fields.Refuse("structural_tag", kOthers);
  }

  OutputFormat Take() { return std::move(format_); }

 private:
  OutputFormat format_;
  std::string path_;
};

}  // namespace

OutputFormat ReadOutputFormat(FieldReader& fields) {
  FormatCollector formats;
  formats.Add(fields.Find("response_format"), fields.PathOf("response_format"), ReadFormatObject);
  if (const Json* outputs = fields.Find("structured_outputs"))
    formats.AddStructured(*outputs, fields.PathOf("structured_outputs"));
  formats.Add(fields.Find("guided_json"), fields.PathOf("guided_json"), SchemaFormat);
  formats.Add(fields.Find("guided_grammar"), fields.PathOf("guided_grammar"), GrammarFormat);
  formats.Add(fields.Find("guided_choice"), fields.PathOf("guided_choice"), ChoiceFormat);
  formats.Add(fields.Find("json_schema"), fields.PathOf("json_schema"), SchemaFormat);
  formats.Add(fields.Find("grammar"), fields.PathOf("grammar"), GrammarFormat);
  fields.Refuse("guided_regex", "this is not supported; give a grammar");
  return formats.Take();
}

OutputFormat ReadFormatObject(const Json& format, const std::string& path) {
  FieldReader fields(format, path);
  fields.Need("type", "text, json_object or json_schema");
  const std::string type = *fields.OneOf("type", {"text", "json_object", "json_schema"});
  if (type == "text") return {};
  const Json* schema = fields.Find("schema");
  if (type == "json_schema" && schema == nullptr) {
    FieldReader named(fields.Need("json_schema", "an object with a schema"),
                      fields.PathOf("json_schema"));
    named.Text("name");
    named.Bool("strict");
    return SchemaFormat(named.Need("schema", "a JSON schema"), named.PathOf("schema"));
  }
  if (schema != nullptr) return SchemaFormat(*schema, fields.PathOf("schema"));
  return {.kind = FormatKind::kJsonObject};
}

OutputFormat SchemaFormat(const Json& schema, const std::string& path) {
  if (!schema.is_string())
    return {.kind = FormatKind::kJsonSchema, .schema = ObjectAt(schema, path)};
  Json read;
  try {
    read = ReadJson(TextAt(schema, path), path, "give a JSON schema");
  } catch (const RequestError&) {
    throw;
  } catch (const Error& error) {
    throw RequestError(ErrorCode::kInvalidArgument, path, error.what());
  }
  if (!read.is_object()) RefuseValue(path, schema, "a JSON schema, an object");
  return {.kind = FormatKind::kJsonSchema, .schema = std::move(read)};
}

std::string ChoiceGrammar(const std::vector<std::string>& choices) {
  std::string grammar = "root ::= ";
  for (size_t i = 0; i < choices.size(); ++i) {
    grammar += i == 0 ? "\"" : " | \"";
    for (char c : choices[i]) {
      const auto byte = static_cast<uint8_t>(c);
      if (c == '"' || c == '\\') {
        grammar += fmt::format("\\{}", c);
      } else if (byte < 0x20 || byte == 0x7F) {
        grammar += fmt::format("\\x{:02X}", byte);
      } else {
        grammar += c;
      }
    }
    grammar += '"';
  }
  return grammar;
}

}  // namespace retort::api

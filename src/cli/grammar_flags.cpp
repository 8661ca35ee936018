#include "cli/grammar_flags.h"

#include <string_view>

#include "base/mapped_file.h"
#include "grammar/gbnf.h"
#include "grammar/json_schema.h"

namespace retort {
namespace {

std::string_view TextOf(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

void AddGrammarFlags(CLI::App& command, GrammarFlags& flags) {
  CLI::Option* schema =
      command.add_option("--json-schema", flags.json_schema, "Answer with JSON of this schema")
          ->type_name("FILE.json")
          ->group("Answer");
  CLI::Option* grammar =
      command.add_option("--grammar", flags.gbnf, "Answer with a text of this grammar (GBNF)")
          ->type_name("FILE.gbnf")
          ->group("Answer");
  CLI::Option* object =
      command.add_flag("--json-object", flags.json_object, "Answer with a JSON object")
          ->group("Answer");
  schema->excludes(grammar)->excludes(object);
  grammar->excludes(object);
}

std::shared_ptr<const GrammarTree> ReadGrammar(const GrammarFlags& flags) {
  if (flags.json_object) return std::make_shared<const GrammarTree>(JsonObjectGrammar());
  if (!flags.json_schema.empty()) {
    const MappedFile file(flags.json_schema);
    return std::make_shared<const GrammarTree>(JsonSchemaGrammar(TextOf(file), flags.json_schema));
  }
  if (flags.gbnf.empty()) return nullptr;
  const MappedFile file(flags.gbnf);
  return std::make_shared<const GrammarTree>(ParseGbnf(TextOf(file), flags.gbnf));
}

}  // namespace retort

// The text side of a model as Hugging Face lays it out in files, each plain or gzipped (.gz): the
// vocabulary (tokenizer.json), which tokens begin and end texts (tokenizer_config.json,
// special_tokens_map.json, generation_config.json), chat templates (chat_template.jinja,
// additional_chat_templates/NAME.jinja, tokenizer_config.json).
//
//   Tokenizer tokenizer(ReadTokenizerFiles("models/r1"));   // or "models/r1/tokenizer.json"
//
// Errors: kNotFound for a missing tokenizer.json; kCorrupt and kUnsupported naming file, field and
// value. Stateless, thread-safe.
#pragma once

#include <map>
#include <string>

#include "text/tokenizer.h"

namespace retort {

// Whether `path` is a folder, or one of the files of such a folder, rather than a GGUF file.
bool IsInModelFolder(const std::string& path);

// `path` is a folder or one of its files.
TokenizerSpec ReadTokenizerFiles(const std::string& path);

// Templates by name, the usual one as "default"; none if the files have none.
std::map<std::string, std::string> ReadChatTemplateFiles(const std::string& path);

}  // namespace retort

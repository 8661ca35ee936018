#include "model/arch/registry.h"

#include <string>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

constexpr Architecture kArchitectures[] = {
    {"llama", ParseLlama, LlamaNames},
    {"qwen2", ParseQwen2, DenseNames},
    {"qwen3", ParseQwen3, DenseNames},
};

}  // namespace

const Architecture& FindArchitecture(const Checkpoint& checkpoint) {
  const bool is_gguf = checkpoint.dialect() == Dialect::kGguf;
  return ArchitectureNamed(
      checkpoint.metadata().GetString(is_gguf ? "general.architecture" : "model_type"),
      checkpoint.path());
}

const Architecture& ArchitectureNamed(std::string_view name, const std::string& source) {
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == name) return architecture;
    known += known.empty() ? "" : ", ";
    known += architecture.name;
  }
  Fail(ErrorCode::kUnsupported, "{}: architecture {} is not supported; Retort runs {}", source,
       Quoted(name), known);
}

}  // namespace retort

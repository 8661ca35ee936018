#include "model/arch/registry.h"

#include <string>

#include "base/error.h"

namespace retort {
namespace {

constexpr Architecture kArchitectures[] = {
    {"llama", ParseLlama, LlamaNames},
    {"qwen2", ParseQwen2, Qwen2Names},
};

}  // namespace

const Architecture& FindArchitecture(const Metadata& metadata) {
  const std::string& name = metadata.GetString("general.architecture");
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == name) return architecture;
    known += known.empty() ? "" : ", ";
    known += architecture.name;
  }
  Fail(ErrorCode::kUnsupported, "{}: architecture {} is not supported; Retort runs {}",
       metadata.source(), name, known);
}

}  // namespace retort

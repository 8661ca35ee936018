#include "text/pretokenizer_families.h"

namespace retort {
namespace {

// White space as Unicode defines it (property White_Space), for use inside a class. Spelled out
// because PCRE2's \s also takes U+180E, which lost the property in Unicode 6.3.
#define RETORT_SPACE \
  R"(\t-\r\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})"

// Qwen 1.5 to 3 and the Qwen distills. Case folding of `(?i:'s)` includes U+017F.
constexpr std::string_view kQwen2[] = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d))"
    R"(|[^\r\n\p{L}\p{N}]?\p{L}+)"
    R"(|\p{N})"
    "| ?[^" RETORT_SPACE R"(\p{L}\p{N}]+[\r\n]*)"
    "|[" RETORT_SPACE R"(]*[\r\n]+)"
    "|[" RETORT_SPACE "]+(?![^" RETORT_SPACE
    "])"
    "|[" RETORT_SPACE "]+",
};

// SmolLM 1 and 2: each digit alone, then GPT-2's pattern.
constexpr std::string_view kSmolLm[] = {
    R"(\p{N})",
    R"('s|'t|'re|'ve|'m|'ll|'d)"
    R"(| ?\p{L}+)"
    R"(| ?\p{N}+)"
    "| ?[^" RETORT_SPACE R"(\p{L}\p{N}]+)"
    "|[" RETORT_SPACE "]+(?![^" RETORT_SPACE
    "])"
    "|[" RETORT_SPACE "]+",
};

#undef RETORT_SPACE

constexpr PretokenizerFamily kFamilies[] = {
    {"qwen2", true, kQwen2},
    {"smollm", false, kSmolLm},
};

}  // namespace

const PretokenizerFamily* FindPretokenizerFamily(std::string_view name) {
  for (const PretokenizerFamily& family : kFamilies) {
    if (family.name == name) return &family;
  }
  return nullptr;
}

std::string PretokenizerFamilyNames() {
  std::string names;
  for (const PretokenizerFamily& family : kFamilies) {
    if (!names.empty()) names += ", ";
    names += family.name;
  }
  return names;
}

}  // namespace retort

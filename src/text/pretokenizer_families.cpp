#include "text/pretokenizer_families.h"

#include <algorithm>

namespace retort {

namespace {

constexpr std::string_view kQwen2[] = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
};

constexpr std::string_view kLlama3[] = {
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)",
};

constexpr std::string_view kDeepSeekV3[] = {
    R"(\p{N}{1,3})",
    "[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
    "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*"
    R"(|\s*[)"
    "\r\n]+"
    R"(|\s+(?!\S)|\s+)",
};

// Each digit alone, then GPT-2's pattern.
constexpr std::string_view kSmolLm[] = {
    R"(\p{N})",
    kByteLevelPattern,
};

constexpr PretokenizerFamily kFamilies[] = {
    {.name = "qwen2", .patterns = kQwen2, .nfc = true},  // Qwen 1.5 to 3, the Qwen distills
    {.name = "llama-bpe", .patterns = kLlama3, .ignore_merges = true},  // Llama 3, its distills
    {.name = "deepseek-v3", .patterns = kDeepSeekV3},                   // DeepSeek V3 and R1
    {.name = "smollm", .patterns = kSmolLm},                            // SmolLM 1 and 2
};

template <typename Predicate>
const PretokenizerFamily* FindIf(Predicate predicate) {
  const auto* found = std::ranges::find_if(kFamilies, predicate);
  return found == std::end(kFamilies) ? nullptr : found;
}

}  // namespace

const PretokenizerFamily* FindPretokenizerFamily(std::string_view name) {
  return FindIf([&](const PretokenizerFamily& family) { return family.name == name; });
}

const PretokenizerFamily* FindPretokenizerFamily(std::span<const std::string> patterns) {
  return FindIf([&](const PretokenizerFamily& family) {
    return std::ranges::equal(family.patterns, patterns);
  });
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

#include "cli/common_flags.h"

#include <CLI/CLI.hpp>

namespace retort {

void AddModelFlags(CLI::App& command, LoadOptions& options) {
  command
      .add_option("--backend", options.backend, "What computes: cpu, or reference (slow, exact)")
      ->capture_default_str();
  command.add_option("--threads", options.num_threads, "Threads; 0 uses every core there is")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      .add_option(
          "--cpu-level", options.cpu_level,
          "Instruction set: scalar, avx2, avx512, vnni, amx; the best there is if not given")
      ->envname("RETORT_CPU_LEVEL");
  command
      .add_option("--kv-type", options.kv_type,
                  "Form of keys and values: f16, f16-q8_0 (values in 8 bits: three quarters of the "
                  "memory, hardly less exact), or q8_0 (both: half of it, less exact)")
      ->check(CLI::IsMember({"f16", "f16-q8_0", "q8_0"}))
      ->default_str("f16");
  CLI::Option* tokens =
      command
          .add_option("--kv-tokens", options.kv_tokens,
                      "Tokens that the key/value cache holds; 0 chooses by model and memory")
          ->check(CLI::Range(int64_t{0}, int64_t{1} << 31))
          ->capture_default_str();
  command
      .add_option("--kv-memory", options.kv_bytes,
                  "Or the memory that it takes, such as 512MiB or 2GiB")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))
      ->check(CLI::PositiveNumber)
      ->type_name("SIZE")
      ->excludes(tokens);
}

void AddSpeculateFlag(CLI::App& command, bool& speculate) {
  command
      .add_option_function<std::string>(
          "--speculate", [&speculate](const std::string& value) { speculate = value == "auto"; },
          "Compute guessed tokens ahead where that is faster: auto, or off; answers are the same")
      ->check(CLI::IsMember({"auto", "off"}))
      ->type_name("TEXT")
      ->default_str(speculate ? "auto" : "off");
}

void AddLanguageFlag(CLI::App& command, std::string& name) {
  command.add_option("--lang", name, "Language of table and report: en (default) or zh")
      ->envname("RETORT_LANG")
      ->check(CLI::IsMember({"en", "zh"}));
}

Wording WordingOf(const std::string& name) {
  return Wording(name == "zh" ? Language::kChinese : Language::kEnglish);
}

}  // namespace retort

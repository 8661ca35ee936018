#include "doctor/memory_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/figures.h"

namespace retort::doctor {
namespace {

// The program itself, tokenizer and buffers, beside what the model counts.
constexpr int64_t kProgramBytes = int64_t{128} << 20;
constexpr int64_t kTokenStep = 256;  // sizes that people can remember

int64_t OverheadOf(const MemoryFacts& facts) { return facts.need.workspace_bytes + kProgramBytes; }

std::string Tokens(int64_t tokens) { return FormatCount(tokens) + " tokens"; }

std::string NeedText(const MemoryFacts& facts) {
  const MemoryNeed& need = facts.need;
  std::string weights = "weights " + FormatBytes(need.weight_bytes());
  if (need.packed_bytes > 0 && need.mapped_bytes > 0) {
    weights += fmt::format(" ({} of them packed copies)", FormatBytes(need.packed_bytes));
  } else if (need.packed_bytes > 0 && !facts.estimated) {
    weights += " (packed copies)";
  }
  return fmt::format("{} {}: {}, cache for {} {}, work space and program {}",
                     facts.estimated ? "it will take about" : "it takes",
                     FormatBytes(need.total_bytes() + kProgramBytes), weights,
                     Tokens(need.kv_tokens), FormatBytes(need.kv_bytes()),
                     FormatBytes(OverheadOf(facts)));
}

std::string FreeText(const FreeMemory& free) {
  return fmt::format("{} of {} are free{}", FormatBytes(free.available_bytes),
                     FormatBytes(free.total_bytes),
                     free.group.empty() ? "" : " (limit of the control group " + free.group + ")");
}

// Tokens for which there is room beside so many bytes of weights.
int64_t RoomFor(const MemoryFacts& facts, int64_t weight_bytes, int64_t bytes_per_token) {
  const int64_t room = facts.free.available_bytes - weight_bytes - OverheadOf(facts);
  if (room <= 0 || bytes_per_token <= 0) return 0;
  return std::min(facts.need.kv_tokens, room / bytes_per_token / kTokenStep * kTokenStep);
}

// A cache of fewer tokens is no remedy.
int64_t LeastTokens(const MemoryFacts& facts) {
  return std::min(facts.least_tokens, facts.need.kv_tokens);
}

std::string CacheText(int64_t tokens, int64_t bytes_per_token, const MemoryNeed& need) {
  return fmt::format("--kv-tokens {} (a cache of {} instead of {})", tokens,
                     FormatBytes(tokens * bytes_per_token), FormatBytes(need.kv_bytes()));
}

// The largest of these that fits with a cache that holds an answer; "" if none does.
std::string PullText(const MemoryFacts& facts, const std::vector<Alternative>& alternatives) {
  for (const Alternative& other : alternatives) {
    if (other.weight_bytes <= 0 || other.weight_bytes >= facts.need.weight_bytes()) continue;
    const int64_t per_token =
        other.kv_bytes_per_token > 0 ? other.kv_bytes_per_token : facts.need.kv_bytes_per_token;
    const int64_t tokens = RoomFor(facts, other.weight_bytes, per_token);
    if (tokens < LeastTokens(facts)) continue;
    const std::string fewer =
        tokens < facts.need.kv_tokens ? fmt::format(" with --kv-tokens {}", tokens) : "";
    return fmt::format("retort pull {} (weights about {}){}", other.name,
                       FormatBytes(other.weight_bytes), fewer);
  }
  return "";
}

std::string Remedy(const MemoryFacts& facts) {
  const MemoryNeed& need = facts.need;
  const int64_t weights = need.weight_bytes();
  const int64_t tokens = RoomFor(facts, weights, need.kv_bytes_per_token);
  if (tokens >= LeastTokens(facts)) return CacheText(tokens, need.kv_bytes_per_token, need);
  const int64_t per_token = facts.kv_bytes_per_token_q8_values;
  const int64_t more = RoomFor(facts, weights, per_token);
  if (more >= LeastTokens(facts)) {
    return "--kv-type f16-q8_0 " + CacheText(more, per_token, need);
  }
  if (const std::string pull = PullText(facts, facts.files); !pull.empty()) return pull;
  if (const std::string pull = PullText(facts, facts.models); !pull.empty()) return pull;
  const int64_t least = weights + OverheadOf(facts) + LeastTokens(facts) * need.kv_bytes_per_token;
  return fmt::format("no model of the catalogue fits; {} more memory would do for this one",
                     FormatBytes(std::max<int64_t>(0, least - facts.free.available_bytes)));
}

}  // namespace

Findings CheckMemory(const MemoryFacts& facts) {
  Finding finding{.check = "memory"};
  finding.what = NeedText(facts) + "; " + FreeText(facts.free);
  const int64_t available = facts.free.available_bytes;
  const int64_t total = facts.need.total_bytes() + kProgramBytes;
  if (facts.free.total_bytes == 0) {
    finding.severity = Severity::kNote;
    finding.what = NeedText(facts) + "; how much memory is free is not known";
  } else if (facts.need.kept_bytes() + kProgramBytes > available) {
    finding.severity = Severity::kError;
  } else if (total > available) {
    finding.severity = Severity::kWarning;
    finding.what += ", so that weights will be read from the disk again and again";
  }
  if (finding.severity >= Severity::kWarning) finding.remedy = Remedy(facts);
  return {finding};
}

}  // namespace retort::doctor

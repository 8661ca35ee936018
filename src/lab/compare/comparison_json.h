// A comparison as one JSON document, for scripts: everything that was measured, and the statistics.
//
//   { "schema": "retort.compare/1", "id": of the stored run or "", "version", "started_at",
//     "command", "seconds", "resumed_at": [times], "notes": [],
//     "machine": {"cpu", "units", "usable_cores", "online_cores", "memory_bytes", "os", "kernel"},
//     "settings": as settings_json.h,
//     "verdict": {"headline", "advice": [], "cautions": []},
//     "rows": [{"id", "label", "unit", "better": "higher|lower|neither", "winner": letter|null,
//               "figures": [{"value", "low", "high", "n"} | null, one per model]}],
//     "accuracy": [{"by", "label", "winner", "models": [{"right", "total", "low", "high",
//                   "truncated"}]}],
//     "pairs": [{"first", "second", "both", "only_first", "only_second", "neither", "difference",
//                "low", "high", "p", "adjusted_p", "speed_ratio", "speed_ratio_low",
//                "speed_ratio_high"}],
//     "models": [{"letter", "name", "path", "digest", "file_bytes", ..., "failure": text|null,
//                 "cold_starts": {"warm": [s], "cold": [s], "note"},
//                 "memory": {"after_load", "after_load_file", "peak_one", "peak_parallel"}|null,
//                 "idle_cpu_percent", "accuracy_seconds",
//                 "prompts" and "lengths": [{"id", "prompt", "answer", "samples":
//                 [{"first_token_s", "tokens_per_s", "prompt_tokens", "new_tokens"}]}], "answers":
//                 [{"problem", "verdict", "extracted", "path", "finish", "reasoning",
//                              "answer", "prompt_tokens", "new_tokens", "reasoning_tokens"}]}],
//     "problems": [{"id", "type", "language", "level", "question", "answer"}] }
//
// Shares are 0 to 1, times seconds unless the unit says otherwise, memory bytes. Intervals are 95 %
// ones. Fields may be added under the same schema name, never changed.
// Errors: none. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "lab/compare/summary.h"
#include "lab/compare/verdict.h"

namespace retort {

nlohmann::ordered_json ComparisonJson(const Comparison& comparison, const Summary& summary,
                                      const VerdictText& verdict);

}  // namespace retort

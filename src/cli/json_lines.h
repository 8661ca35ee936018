// JSON lines in, JSON lines out: for commands that scripts and tests talk to.
//
//   AnswerJsonLines(std::cin, std::cout, [&](const Json& request) -> Json { ... });
//
// A line that is not JSON, or that `answer` refuses with an exception, is answered by
// {"error": message}, and the next line goes on. Blank lines are skipped. Each answer is flushed,
// so that a script can hold a conversation.
#pragma once

#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>

namespace retort {

// How many lines were answered, and how many of them by an error.
struct JsonLineCounts {
  int lines = 0;
  int failed = 0;
};

JsonLineCounts AnswerJsonLines(
    std::istream& in, std::ostream& out,
    const std::function<nlohmann::ordered_json(const nlohmann::ordered_json&)>& answer);

// kInvalidArgument if any line failed, which makes the program end with code 1.
void FailIfAnyFailed(const JsonLineCounts& counts);

}  // namespace retort

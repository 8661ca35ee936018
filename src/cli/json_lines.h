// JSON lines in, JSON lines out: for commands that scripts and tests talk to.
//
//   AnswerJsonLines(std::cin, std::cout, R"({"text": "Hi"})",
//                   [&](const Json& request) -> Json { ... });
//
// A line that is not a JSON object, or that `answer` refuses with an exception, is answered by
// {"error": "line 3: what is wrong; ..."}, and the next line goes on. Where the form is wrong, the
// message ends with `example`, a line of the right form. Blank lines are counted and skipped. Each
// answer is flushed, so that a script can hold a conversation.
#pragma once

#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace retort {

// How many lines were answered, and how many of them by an error.
struct JsonLineCounts {
  int lines = 0;
  int failed = 0;
};

JsonLineCounts AnswerJsonLines(
    std::istream& in, std::ostream& out, std::string_view example,
    const std::function<nlohmann::ordered_json(const nlohmann::ordered_json&)>& answer);

// kInvalidArgument if any line failed, which makes the program end with code 1.
void FailIfAnyFailed(const JsonLineCounts& counts);

}  // namespace retort

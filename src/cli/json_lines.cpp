#include "cli/json_lines.h"

#include <exception>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "base/error.h"

namespace retort {

using Json = nlohmann::ordered_json;

JsonLineCounts AnswerJsonLines(std::istream& in, std::ostream& out,
                               const std::function<Json(const Json&)>& answer) {
  JsonLineCounts counts;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ++counts.lines;
    Json reply;
    try {
      const Json request = Json::parse(line);
      if (!request.is_object()) {
        Fail(ErrorCode::kInvalidArgument, "a line must be a JSON object, not {}",
             request.type_name());
      }
      reply = answer(request);
    } catch (const std::exception& error) {  // ours, and nlohmann-json's about the line
      reply = {{"error", error.what()}};
      ++counts.failed;
    }
    out << reply.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
  }
  return counts;
}

void FailIfAnyFailed(const JsonLineCounts& counts) {
  if (counts.failed == 0) return;
  Fail(ErrorCode::kInvalidArgument, "{} of {} lines could not be answered; see their \"error\"",
       counts.failed, counts.lines);
}

}  // namespace retort

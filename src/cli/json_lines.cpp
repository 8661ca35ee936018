#include "cli/json_lines.h"

#include <fmt/core.h>

#include <exception>
#include <istream>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "base/error.h"
#include "base/strict_json.h"

namespace retort {

using Json = nlohmann::ordered_json;

namespace {

Json AnswerLine(const std::string& line, int number, std::string_view example,
                const std::function<Json(const Json&)>& answer) {
  const std::string place = fmt::format("line {}", number);
  const std::string remedy = fmt::format("a line looks like {}", example);
  const Json request = ReadJson(line, place, remedy);
  if (!request.is_object()) {
    Fail(ErrorCode::kInvalidArgument, "{}: is {}, must be a JSON object; {}", place,
         request.type_name(), remedy);
  }
  try {
    return answer(request);
  } catch (const Json::exception&) {
    Fail(ErrorCode::kInvalidArgument, "{}: a field has the wrong type; {}", place, remedy);
  } catch (const std::exception& error) {
    Fail(ErrorCode::kInvalidArgument, "{}: {}", place, error.what());
  }
}

}  // namespace

JsonLineCounts AnswerJsonLines(std::istream& in, std::ostream& out, std::string_view example,
                               const std::function<Json(const Json&)>& answer) {
  JsonLineCounts counts;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ++counts.lines;
    Json reply;
    try {
      reply = AnswerLine(line, number, example, answer);
    } catch (const Error& error) {
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

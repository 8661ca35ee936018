#include "cli/grade_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "lab/statistics.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxPrecision = 40;

// A gold or prediction may be a number too, as in many data sets.
std::string TextOf(const Json& request, const char* field) {
  if (!request.contains(field)) {
    Fail(ErrorCode::kInvalidArgument,
         "there is no \"{}\"; a line looks like {{\"gold\": \"1/2\", \"prediction\": \"0.5\"}}",
         field);
  }
  const Json& value = request[field];
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  Fail(ErrorCode::kInvalidArgument, "\"{}\" is {}, must be a string or a number", field,
       value.is_structured() ? value.type_name() : value.dump());
}

void ReadFlag(const Json& request, const char* field, bool& flag) {
  if (!request.contains(field)) return;
  if (!request[field].is_boolean()) {
    Fail(ErrorCode::kInvalidArgument, "\"{}\" is {}, must be true or false", field,
         request[field].dump());
  }
  flag = request[field].get<bool>();
}

void ReadInteger(const Json& request, const char* field, int low, int high, int& number) {
  if (!request.contains(field)) return;
  const Json& value = request[field];
  if (!value.is_number_integer() || value < low || value > high) {
    Fail(ErrorCode::kInvalidArgument, "\"{}\" is {}, must be an integer from {} to {}", field,
         value.dump(), low, high);
  }
  number = value.get<int>();
}

void ReadMatchTypes(const Json& request, GradeOptions& options) {
  if (!request.contains("match_types")) return;
  const Json& types = request["match_types"];
  if (types.empty()) {
    Fail(ErrorCode::kInvalidArgument, "\"match_types\" is {}, must hold \"latex\" or \"expr\"",
         types.dump());
  }
  options.latex = options.expr = false;
  for (const Json& type : types.is_array() ? types : Json::array({types})) {
    if (type == "latex") {
      options.latex = true;
    } else if (type == "expr") {
      options.expr = true;
    } else {
      Fail(ErrorCode::kInvalidArgument, "\"match_types\" holds {}, must be \"latex\" or \"expr\"",
           type.dump());
    }
  }
}

}  // namespace

Json GradeJson(const Json& request, GradeOptions options, GradeTally& tally) {
  const std::string gold = TextOf(request, "gold");
  const std::string prediction = TextOf(request, "prediction");
  ReadFlag(request, "strict", options.strict);
  ReadFlag(request, "allow_set_relation_comp", options.allow_set_relation_comp);
  ReadInteger(request, "precision", -1, kMaxPrecision, options.precision);
  ReadInteger(request, "boxed_match_priority", 0, 1000, options.boxed_match_priority);
  ReadMatchTypes(request, options);
  const MathGrade grade = GradeMath(gold, prediction, options);
  ++tally.graded;
  if (grade.correct) {
    ++tally.correct;
  } else {
    ++tally.causes[grade.cause];
  }
  Json reply;
  if (request.contains("id")) reply["id"] = request["id"];
  reply["correct"] = grade.correct;
  reply["extracted"] = grade.extracted;
  reply["path"] = grade.path;
  reply["cause"] = grade.cause;
  return reply;
}

std::string FormatTally(const GradeTally& tally) {
  if (tally.graded == 0) return "nothing graded";
  const Interval interval = WilsonInterval(tally.correct, tally.graded);
  std::string text =
      fmt::format("{} of {} correct: {:.1f} % ({:.1f} to {:.1f})", tally.correct, tally.graded,
                  100.0 * static_cast<double>(tally.correct) / static_cast<double>(tally.graded),
                  100 * interval.low, 100 * interval.high);
  const char* separator = "; ";
  for (const auto& [cause, count] : tally.causes) {
    text += fmt::format("{}{} {}", separator, count, cause);
    separator = ", ";
  }
  return text;
}

}  // namespace retort

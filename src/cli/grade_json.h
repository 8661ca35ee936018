// One line of `retort grade`: a gold answer and a prediction, and the verdict on them.
//
//   GradeJson({"gold": "1/2", "prediction": "so \\boxed{0.5}"}, {}, tally)
//     // {"correct": true, "extracted": "0.5", "path": "boxed", "cause": ""}
//
// Errors: kInvalidArgument naming the field, if one is missing or of the wrong type. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "math/grade.h"

namespace retort {

struct GradeTally {
  int64_t graded = 0;
  int64_t correct = 0;
  std::map<std::string, int64_t> causes;  // of what is not correct
};

// Fields of the line that are named as in GradeOptions stand for this line alone.
nlohmann::ordered_json GradeJson(const nlohmann::ordered_json& request, GradeOptions options,
                                 GradeTally& tally);

// "412 of 500 correct: 82.4 % (78.8 to 85.5); 80 wrong, 8 no answer"
std::string FormatTally(const GradeTally& tally);

}  // namespace retort

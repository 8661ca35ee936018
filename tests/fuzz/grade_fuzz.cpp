// Any bytes as a gold answer and a prediction, apart at the first NUL: reading and judging them
// ends without harm, and an answer means itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "math/grade.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const size_t cut = text.find('\0');
  const std::string_view gold = text.substr(0, cut);
  const std::string_view prediction = cut == std::string_view::npos ? gold : text.substr(cut + 1);
  const retort::MathGrade grade = retort::GradeMath(gold, prediction);
  if (grade.correct != grade.cause.empty() || grade.extracted.size() > 200) std::abort();
  const bool blank = gold.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (!blank && !retort::MeansGold(gold, gold, {})) std::abort();
  return 0;
}

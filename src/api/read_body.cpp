#include "api/read_body.h"

#include <algorithm>
#include <string>
#include <vector>

#include "api/field_reader.h"
#include "base/quote.h"
#include "base/strict_json.h"

namespace retort::api {
namespace {

// Where a walk through the document is: a member of an object, or an element of an array.
struct Step {
  const std::string* key;
  size_t index;
};

std::string PathOf(const std::vector<Step>& steps) {
  std::string path;
  for (const Step& step : steps) {
    if (step.key == nullptr) {
      path += fmt::format("[{}]", step.index);
    } else {
      path += (path.empty() ? "" : ".") + Printable(step.key->substr(0, 60));
    }
  }
  return path;
}

class Limiter {
 public:
  explicit Limiter(const RequestLimits& limits) : limits_(limits) {}

  // Recursion is bounded by ReadJson, which refuses what nests deeper than kMaxJsonDepth.
  void Check(const Json& value) {
    if (!value.is_structured()) return;
    if (std::ssize(steps_) >= limits_.max_depth) {
      Refuse(value, fmt::format("no more than {} arrays and objects inside each other",
                                limits_.max_depth));
    }
    if (value.size() > limits_.max_array)
      Refuse(value, fmt::format("no more than {} elements", limits_.max_array));
    if (value.is_array()) {
      for (size_t i = 0; i < value.size(); ++i) Enter({nullptr, i}, value[i]);
    } else {
      for (const auto& [key, member] : value.get_ref<const Json::object_t&>())
        Enter({&key, 0}, member);
    }
  }

 private:
  void Enter(Step step, const Json& value) {
    if (!value.is_structured()) return;
    steps_.push_back(step);
    Check(value);
    steps_.pop_back();
  }

  [[noreturn]] void Refuse(const Json& value, const std::string& wanted) const {
    std::string path = PathOf(steps_);
    if (path.size() > 200) path = "..." + path.substr(path.size() - 200);
    RefuseValue(path, value, wanted);
  }

  const RequestLimits& limits_;
  std::vector<Step> steps_;
};

}  // namespace

Json ReadBody(std::string_view text, const RequestLimits& limits) {
  Json body;
  try {
    body = ReadJson(text, "the body", "send a JSON object");
  } catch (const Error& error) {
    throw RequestError(ErrorCode::kInvalidArgument, "", error.what(), "invalid_json");
  }
  ObjectAt(body, "");
  Limiter(limits).Check(body);
  return body;
}

}  // namespace retort::api

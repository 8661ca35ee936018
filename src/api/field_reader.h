// Reads the members of a JSON object by name and type, and remembers which were asked for, so that
// the rest can be told of.
//
//   FieldReader fields(body, "");
//   request.temperature = fields.Number("temperature", {.least = 0, .most = 2});
//   request.stream = fields.Bool("stream").value_or(false);
//   fields.ReportUnknown(&request.unknown_fields);          // {"temprature"}
//
// A member that is null counts as absent. Whole numbers may be written 5.0. Errors: RequestError
// kInvalidArgument with the path of the field, its value and what may stand there:
// "messages[2].role is 'cat'; give one of system, user, assistant". Not thread-safe.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/generate_request.h"
#include "api/request_error.h"

namespace retort::api {

struct NumberRange {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool above_least = false;  // not `least` itself
  bool below_most = false;
};

constexpr int32_t kMaxInt32 = std::numeric_limits<int32_t>::max();

// "[1, 2]" is "an array of 2", "abc" is "'abc'"; long texts are cut.
std::string ShownValue(const Json& value);
[[noreturn]] void RefuseValue(const std::string& path, const Json& value, std::string_view wanted);
// For what others understand and Retort does not. `reason` is a sentence after the path.
[[noreturn]] void RefuseUnsupported(const std::string& path, std::string_view reason);

// A value that stands at `path`, where null is no value.
bool BoolAt(const Json& value, const std::string& path);
double NumberAt(const Json& value, const std::string& path, NumberRange range = {});
int64_t IntegerAt(const Json& value, const std::string& path, int64_t least, int64_t most);
std::string TextAt(const Json& value, const std::string& path);  // valid UTF-8
const Json& ArrayAt(const Json& value, const std::string& path, size_t most);
const Json& ObjectAt(const Json& value, const std::string& path);
std::vector<std::string> TextsAt(const Json& value, const std::string& path, size_t most);
std::string ElementPath(const std::string& path, size_t index);  // "stop[3]"

class FieldReader {
 public:
  // `object` must outlive the reader. `path` is where it stands; empty for the body itself.
  FieldReader(const Json& object, std::string path);

  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const;

  const Json* Find(std::string_view name);  // nullptr: absent or null
  const Json& Need(std::string_view name, std::string_view wanted);

  std::optional<bool> Bool(std::string_view name);
  std::optional<double> Number(std::string_view name, NumberRange range = {});
  std::optional<int64_t> Integer(std::string_view name, int64_t least, int64_t most);
  std::optional<int32_t> Int32(std::string_view name, int32_t least, int32_t most);
  std::optional<std::string> Text(std::string_view name);
  std::optional<std::string> OneOf(std::string_view name,
                                   std::initializer_list<std::string_view> allowed);
  const Json* Array(std::string_view name, size_t most);
  const Json* Object(std::string_view name);
  std::string NeedText(std::string_view name);

  // Members that are accepted and change nothing.
  void Ignore(std::initializer_list<std::string_view> names);
  // A member that must be absent or have this value (an empty array or object is absent, too).
  void Only(std::string_view name, const Json& value, std::string_view reason);
  void Refuse(std::string_view name, std::string_view reason) { Only(name, nullptr, reason); }

  // Appends the paths of what was never asked for, at most kMaxUnknown of them in all.
  void ReportUnknown(std::vector<std::string>* paths) const;
  static constexpr size_t kMaxUnknown = 32;

 private:
  const Json& object_;
  std::string path_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace retort::api

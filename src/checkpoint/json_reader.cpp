#include "checkpoint/json_reader.h"

#include <nlohmann/json.hpp>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

using Json = nlohmann::json;

// Watches a parser's events: a depth that no model file has, and keys that come twice.
class Watcher {
 public:
  explicit Watcher(const std::string& source) : source_(source) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
        CheckDepth(depth);
        keys_.emplace_back();
        break;
      case Json::parse_event_t::array_start:
        CheckDepth(depth);
        break;
      case Json::parse_event_t::object_end:
        keys_.pop_back();
        break;
      case Json::parse_event_t::key:
        CheckKey(parsed.get_ref<const std::string&>());
        break;
      default:
        break;
    }
    return true;
  }

 private:
  void CheckDepth(int depth) const {
    if (depth < kMaxJsonDepth) return;
    Fail(ErrorCode::kCorrupt,
         "{}: JSON nested deeper than {}; the file is damaged, download it again", source_,
         kMaxJsonDepth);
  }

  void CheckKey(const std::string& key) {
    if (keys_.back().insert(key).second) return;
    Fail(ErrorCode::kCorrupt, "{}: key {} appears twice; the file is damaged, download it again",
         source_, Quoted(key));
  }

  const std::string& source_;
  std::vector<std::unordered_set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

Json ParseJson(std::string_view text, const std::string& source) {
  Watcher watcher(source);
  try {
    return Json::parse(text, [&](int depth, Json::parse_event_t event, const Json& parsed) {
      return watcher(depth, event, parsed);
    });
  } catch (const Json::parse_error& error) {
    Fail(ErrorCode::kCorrupt,
         "{}: not valid JSON at byte {}; the file is damaged, download it again", source,
         error.byte);
  } catch (const Json::exception& error) {
    Fail(ErrorCode::kCorrupt, "{}: {}; the file is damaged, download it again", source,
         Printable(error.what()));
  }
}

}  // namespace retort

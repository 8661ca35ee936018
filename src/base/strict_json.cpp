#include "base/strict_json.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "base/quote.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// Builds the document from the parser's events. The parser keeps no stack of calls, so that depth
// is bounded here alone.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, std::string_view source, std::string_view remedy)
      : text_(text), source_(source), remedy_(remedy) {}

  Json Take() { return std::move(root_); }

  bool null() override { return Add(nullptr); }
  bool boolean(bool value) override { return Add(value); }
  bool number_integer(number_integer_t value) override { return Add(value); }
  bool number_unsigned(number_unsigned_t value) override { return Add(value); }
  bool number_float(number_float_t value, const string_t&) override { return Add(value); }
  bool string(string_t& value) override { return Add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // no such thing in text
  bool start_object(size_t) override { return Open(Json::object()); }
  bool end_object() override {
    CheckKeys(open_.back()->get_ref<const Json::object_t&>());
    return Close();
  }
  bool start_array(size_t) override { return Open(Json::array()); }
  bool end_array() override { return Close(); }

  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }

  bool parse_error(size_t position, const std::string&, const Json::exception&) override {
    if (position > text_.size()) {
      Fail(ErrorCode::kCorrupt, "{}: the JSON ends too early, after {} bytes; {}", source_,
           text_.size(), remedy_);
    }
    const size_t at = position - std::min<size_t>(position, 1);  // counts from 1
    Fail(ErrorCode::kCorrupt, "{}: not JSON at {}: {}; {}", source_, PlaceOf(at),
         Quoted(text_.substr(at), 20), remedy_);
  }

 private:
  void CheckKeys(const Json::object_t& members) const {
    std::unordered_set<std::string_view> keys;
    keys.reserve(members.size());
    for (const auto& [key, value] : members) {
      if (keys.insert(key).second) continue;
      Fail(ErrorCode::kCorrupt, "{}: the key {} comes twice in one object; {}", source_,
           Quoted(key), remedy_);
    }
  }

  Json* Put(Json&& value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) {
      return &parent.get_ref<Json::array_t&>().emplace_back(std::move(value));
    }
    // Not operator[], which looks for the key first: that there is none is known.
    auto& members = parent.get_ref<Json::object_t&>();
    static_cast<Json::object_t::Container&>(members).emplace_back(std::move(key_),
                                                                  std::move(value));
    return &members.back().second;
  }

  bool Add(Json&& value) {
    Put(std::move(value));
    return true;
  }

  bool Open(Json&& value) {
    if (open_.size() == kMaxJsonDepth) {
      Fail(ErrorCode::kCorrupt, "{}: the JSON nests more than {} deep; {}", source_, kMaxJsonDepth,
           remedy_);
    }
    open_.push_back(Put(std::move(value)));
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  std::string PlaceOf(size_t at) const {
    const std::string_view before = text_.substr(0, at);
    const size_t line = static_cast<size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    const size_t column = at - (before.rfind('\n') + 1) + 1;  // npos + 1 == 0
    if (text_.find('\n') == std::string_view::npos) return fmt::format("column {}", column);
    return fmt::format("line {}, column {}", line, column);
  }

  std::string_view text_, source_, remedy_;
  Json root_;
  std::string key_;          // of the member whose value comes next
  std::vector<Json*> open_;  // a parent does not grow while a child of it is open
};

}  // namespace

Json ReadJson(std::string_view text, std::string_view source, std::string_view remedy) {
  Builder builder(text, source, remedy);
  Json::sax_parse(text, &builder);
  return builder.Take();
}

}  // namespace retort

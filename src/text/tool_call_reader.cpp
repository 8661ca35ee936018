#include "text/tool_call_reader.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/strict_json.h"

namespace retort {
namespace {

using Reading = ToolCallReader::Reading;

constexpr std::string_view kFunction = "function";
constexpr std::string_view kFenceOpens = "```json", kFenceCloses = "```";
constexpr std::string_view kHermesClose = "</tool_call>";
constexpr std::string_view kCallsBegin = "<｜tool▁calls▁begin｜>",
                           kCallsEnd = "<｜tool▁calls▁end｜>";
constexpr std::string_view kCallBegin = "<｜tool▁call▁begin｜>", kCallEnd = "<｜tool▁call▁end｜>";
constexpr std::string_view kSeparatorTag = "<｜tool▁sep｜>";

// The keys of a call that is one object. Templates teach one of the latter two; models mix them up.
constexpr std::string_view kNameKey = "\"name\"";
constexpr std::string_view kArgumentKeys[] = {"\"arguments\"", "\"parameters\""};

std::string AsJsonString(const std::string& name) {
  return nlohmann::json(name).dump(-1, ' ', /*ensure_ascii=*/false,
                                   nlohmann::json::error_handler_t::replace);
}

}  // namespace

ToolCallReader::ToolCallReader(ToolCallStyle style, std::vector<std::string> tool_names)
    : style_(style), names_(std::move(tool_names)) {
  for (const std::string& name : names_) quoted_names_.push_back(AsJsonString(name));
  if (style_ == ToolCallStyle::kHermes) openings_ = {{"<tool_call>", Place::kBeforeObject}};
  if (style_ == ToolCallStyle::kLlamaJson) {
    openings_ = {{"<|python_tag|>", Place::kBeforeObject}, {"{", Place::kObject}};
  }
  if (is_deepseek()) {
    openings_ = {{kCallsBegin, Place::kBeforeCall},
                 {kCallBegin, Place::kHead},
                 {kCallsEnd, Place::kSectionEnd}};
  }
}

void ToolCallReader::Reset() {
  place_ = Place::kOpening;
  text_.clear();
  token_begin_ = 0;
}

bool ToolCallReader::IsName(std::string_view text) const {
  return std::ranges::find(names_, text) != names_.end();
}

bool ToolCallReader::MayBeName(std::string_view text) const {
  return std::ranges::any_of(names_,
                             [&](const std::string& name) { return name.starts_with(text); });
}

// Whether blanks may stand before the next tag or name.
bool ToolCallReader::SkipsBlanks() const {
  switch (place_) {
    case Place::kBeforeCall:
    case Place::kBehindSeparator:
    case Place::kBeforeObject:
    case Place::kBehindObject:
    case Place::kBehindFence:
      return token_begin_ == text_.size();
    default:
      return false;
  }
}

Reading ToolCallReader::Push(char byte) {
  const bool skipped = SkipsBlanks() && kJsonBlank.find(byte) != std::string_view::npos;
  text_ += byte;
  if (skipped) ++token_begin_;
  const Reading reading = skipped ? Reading::kMore : Step(byte);
  if (reading == Reading::kMore && text_.size() >= kMaxToolCallBytes) return NotFrom(text_.size());
  return reading;
}

Reading ToolCallReader::Step(char byte) {
  switch (place_) {
    case Place::kOpening:
      return StepOpening();
    case Place::kBeforeCall:
      return StepTag(kCallBegin, Place::kHead);
    case Place::kHead:
      return StepHead(byte);
    case Place::kSeparator:
      return StepTag(kSeparatorTag, Place::kBehindSeparator);
    case Place::kBehindSeparator:
      return StepBehindSeparator(byte);
    case Place::kName:
      return StepName(byte);
    case Place::kFence:
      return StepTag(kFenceOpens, Place::kBeforeObject);
    case Place::kBeforeObject:
      return byte == '{' ? BeginObject() : NotBefore();
    case Place::kObject:
      return StepObject(byte);
    case Place::kBehindObject:
      return StepBehindObject(byte);
    case Place::kBehindFence:
      return StepTag(kCallEnd, Place::kComplete);
    case Place::kComplete:
    case Place::kSectionEnd:
      break;
  }
  return NotBefore();
}

Reading ToolCallReader::StepOpening() {
  bool begins = false;
  for (const Opening& opening : openings_) {
    if (opening.next == Place::kSectionEnd && !in_section_) continue;
    if (text_ == opening.tag) return Enter(opening.next);
    begins = begins || opening.tag.starts_with(text_);
  }
  if (begins) return Reading::kMore;
  // The last byte may begin another tag, as in "<<tool_call>".
  return NotFrom(std::max<size_t>(text_.size() - 1, 1));
}

Reading ToolCallReader::StepTag(std::string_view tag, Place next) {
  // What stands here instead may be the beginning of another call.
  if (!tag.starts_with(Token())) return NotFrom(token_begin_);
  return Token() == tag ? Enter(next) : Reading::kMore;
}

Reading ToolCallReader::StepHead(char byte) {
  if (byte != '<') {
    return MayBeName(Token()) || kFunction.starts_with(Token()) ? Reading::kMore : NotBefore();
  }
  head_ = Token().substr(0, Token().size() - 1);
  token_begin_ = text_.size() - 1;
  place_ = Place::kSeparator;
  return Reading::kMore;
}

Reading ToolCallReader::StepBehindSeparator(char byte) {
  fenced_ = byte != '{';
  if (!fenced_) {
    name_ = head_;
    return IsName(name_) ? BeginObject() : NotBefore();
  }
  if (head_ != kFunction) return NotBefore();
  place_ = Place::kName;
  return StepName(byte);
}

Reading ToolCallReader::StepName(char byte) {
  if (byte != '\n') return MayBeName(Token()) ? Reading::kMore : NotBefore();
  name_ = Token().substr(0, Token().size() - 1);
  return IsName(name_) ? Enter(Place::kFence) : NotBefore();
}

Reading ToolCallReader::Enter(Place place) {
  if (place == Place::kComplete) return Complete();
  if (place == Place::kObject) return BeginObject();
  if (place == Place::kSectionEnd) {
    in_section_ = false;
    return Reading::kSectionEnd;
  }
  place_ = place;
  token_begin_ = text_.size();
  return Reading::kMore;
}

Reading ToolCallReader::BeginObject() {
  place_ = Place::kObject;
  object_begin_ = text_.size() - 1;
  scanner_ = JsonObjectScanner();
  return StepObject('{');
}

Reading ToolCallReader::StepObject(char byte) {
  const JsonObjectScanner::Result result = scanner_.Push(byte);
  if (result == JsonObjectScanner::Result::kBad) return NotBefore();
  if (!is_deepseek() && !MembersFit()) return NotBefore();
  if (result == JsonObjectScanner::Result::kMore) return Reading::kMore;
  object_end_ = text_.size();
  return Enter(Place::kBehindObject);
}

// Whether the object so far may become a call: no more than its two members, and a name that is
// known. So an answer that is some other JSON object goes on after a few bytes.
bool ToolCallReader::MembersFit() const {
  const auto& members = scanner_.members();
  if (members.empty()) return true;
  if (members.size() > 2) return false;
  const JsonObjectScanner::Member& last = members.back();
  const std::string_view key = ObjectPart(last.key_begin, last.key_end);
  const auto begins_with_key = [&](std::string_view known) { return known.starts_with(key); };
  if (last.value_begin == 0) {
    return begins_with_key(kNameKey) || std::ranges::any_of(kArgumentKeys, begins_with_key);
  }
  const std::string_view value = ObjectPart(last.value_begin, last.value_end);
  if (key != kNameKey) return value.front() == '{';
  return std::ranges::any_of(quoted_names_,
                             [&](const std::string& name) { return name.starts_with(value); });
}

// A part of the object; of one that has not ended yet, what there is of it.
std::string_view ToolCallReader::ObjectPart(size_t begin, size_t end) const {
  const size_t size = end == 0 ? std::string_view::npos : end - begin;
  return std::string_view(text_).substr(object_begin_ + begin, size);
}

Reading ToolCallReader::StepBehindObject(char byte) {
  if (style_ == ToolCallStyle::kHermes) return StepTag(kHermesClose, Place::kComplete);
  if (style_ == ToolCallStyle::kLlamaJson) return byte == ';' ? Complete() : NotBefore();
  return fenced_ ? StepTag(kFenceCloses, Place::kBehindFence) : StepTag(kCallEnd, Place::kComplete);
}

Reading ToolCallReader::Finish() {
  if (style_ == ToolCallStyle::kLlamaJson && place_ == Place::kBehindObject) return Complete();
  return NotFrom(text_.size());
}

Reading ToolCallReader::Complete() {
  call_ = {};
  if (!FillCall()) return NotFrom(text_.size());
  in_section_ = is_deepseek();
  return Reading::kCall;
}

bool ToolCallReader::FillCall() {
  const std::string_view object = ObjectPart(0, object_end_ - object_begin_);
  try {
    ReadJson(object, "tool call");
  } catch (const Error&) {
    return false;
  }
  if (is_deepseek()) {
    call_ = {.name = name_, .arguments = std::string(object)};
    return true;
  }
  for (const JsonObjectScanner::Member& member : scanner_.members()) {
    const std::string_view value = ObjectPart(member.value_begin, member.value_end);
    if (ObjectPart(member.key_begin, member.key_end) == kNameKey) {
      const auto known = std::ranges::find(quoted_names_, value);
      RETORT_CHECK(known != quoted_names_.end());
      call_.name = names_[static_cast<size_t>(known - quoted_names_.begin())];
    } else if (call_.arguments.empty()) {
      call_.arguments = value;
    } else {
      return false;  // both arguments and parameters
    }
  }
  // Models leave out arguments where a tool takes none. Without tags around it, a name alone is too
  // little to go by.
  if (call_.arguments.empty() && style_ == ToolCallStyle::kHermes) call_.arguments = "{}";
  return !call_.name.empty() && !call_.arguments.empty();
}

Reading ToolCallReader::NotFrom(size_t sure_text) {
  sure_text_ = sure_text;
  return Reading::kNot;
}

}  // namespace retort

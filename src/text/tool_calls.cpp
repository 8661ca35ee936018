#include "text/tool_calls.h"

#include <utility>

namespace retort {
namespace {

bool IsBlank(char byte) { return kJsonBlank.find(byte) != std::string_view::npos; }

}  // namespace

ToolCallParser::ToolCallParser(ToolCallStyle style, std::vector<std::string> tool_names)
    : style_(style),
      reader_(style, tool_names),
      plain_(style == ToolCallStyle::kNone || tool_names.empty()) {}

ToolDelta ToolCallParser::Push(std::string_view piece) {
  ToolDelta delta;
  for (const char byte : piece) Step(byte, delta);
  return delta;
}

void ToolCallParser::Step(char byte, ToolDelta& delta) {
  if (plain_) {
    delta.text += byte;
    return;
  }
  if (reader_.text().empty()) {
    if (IsBlank(byte)) return HoldBlank(byte, delta);
    // Most text ends here: calls begin with a tag, but for Llama's.
    if (byte != '<' && style_ != ToolCallStyle::kLlamaJson) {
      return AddText(std::string_view(&byte, 1), delta);
    }
  }
  switch (reader_.Push(byte)) {
    case ToolCallReader::Reading::kMore:
      return;
    case ToolCallReader::Reading::kCall:
      return TakeCall(delta);
    case ToolCallReader::Reading::kSectionEnd:
      reader_.Reset();
      blanks_.clear();
      after_call_ = true;
      return;
    case ToolCallReader::Reading::kNot:
      return GiveUp(delta);
  }
}

void ToolCallParser::TakeCall(ToolDelta& delta) {
  delta.calls.push_back(reader_.TakeCall());
  // The separator that ended a call of Llama's is text if no other call follows.
  const bool separated = reader_.text().ends_with(';');
  blanks_ = separated ? ";" : "";
  reader_.Reset();
  after_call_ = true;
}

// What has been read is no call. Its last bytes may begin one: they are read again. These are less
// than a tag, and begin with a '<' or are one byte, so that this calls itself a few times at most.
void ToolCallParser::GiveUp(ToolDelta& delta) {
  const std::string text = reader_.text();
  const size_t sure = reader_.sure_text();
  reader_.Reset();
  AddText(std::string_view(text).substr(0, sure), delta);
  if (style_ == ToolCallStyle::kLlamaJson) {
    delta.text += std::exchange(blanks_, {});
    plain_ = true;
  }
  for (const char byte : std::string_view(text).substr(sure)) Step(byte, delta);
}

void ToolCallParser::AddText(std::string_view text, ToolDelta& delta) {
  const size_t last = text.find_last_not_of(kJsonBlank);
  const size_t shown = last == std::string_view::npos ? 0 : last + 1;
  if (shown > 0) {
    delta.text += std::exchange(blanks_, {});
    delta.text += text.substr(0, shown);
    after_call_ = false;
  }
  for (const char byte : text.substr(shown)) HoldBlank(byte, delta);
}

void ToolCallParser::HoldBlank(char byte, ToolDelta& delta) {
  blanks_ += byte;
  if (blanks_.size() < kMaxHeldBlanks) return;
  delta.text += std::exchange(blanks_, {});
  after_call_ = false;
}

ToolDelta ToolCallParser::Finish() {
  ToolDelta delta;
  if (!reader_.text().empty()) {
    if (reader_.Finish() == ToolCallReader::Reading::kCall) {
      TakeCall(delta);
    } else {
      AddText(reader_.text(), delta);
      reader_.Reset();
    }
  }
  if (!after_call_) delta.text += blanks_;
  blanks_.clear();
  return delta;
}

}  // namespace retort

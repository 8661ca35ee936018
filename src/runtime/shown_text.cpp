#include "runtime/shown_text.h"

#include <algorithm>
#include <string_view>

namespace retort {

std::string ShownText::Push(int32_t token) {
  if (Hidden(token)) return {};
  return stops_.Push(utf8_.Push(tokenizer_.TokenBytes(token)));
}

std::string ShownText::Finish() {
  std::string rest = stops_.Push(utf8_.Finish());
  return rest + stops_.Finish();
}

bool ShownText::Hidden(int32_t token) const {
  const std::vector<int32_t>& ends = tokenizer_.spec().stop_ids;
  if (std::find(ends.begin(), ends.end(), token) != ends.end()) return true;
  if (!tokenizer_.IsControl(token)) return false;
  const std::string_view text = tokenizer_.TokenBytes(token);
  return text != "<think>" && text != "</think>";
}

}  // namespace retort

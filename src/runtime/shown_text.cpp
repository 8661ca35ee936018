#include "runtime/shown_text.h"

#include <algorithm>
#include <string_view>

namespace retort {

bool ShowsText(const Tokenizer& tokenizer, int32_t token) {
  const std::vector<int32_t>& ends = tokenizer.spec().stop_ids;
  if (std::find(ends.begin(), ends.end(), token) != ends.end()) return false;
  if (!tokenizer.IsControl(token)) return true;
  const std::string_view text = tokenizer.TokenBytes(token);
  return text == "<think>" || text == "</think>";
}

std::string ShownText::Push(int32_t token) {
  if (!ShowsText(tokenizer_, token)) return {};
  return stops_.Push(utf8_.Push(tokenizer_.TokenBytes(token)));
}

std::string ShownText::Finish() {
  std::string rest = stops_.Push(utf8_.Finish());
  return rest + stops_.Finish();
}

}  // namespace retort

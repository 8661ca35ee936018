// What a report says, in the reader's language. The English text in the source is the key; its
// counterpart stands in zh.json beside this file, and tools/check_wording.py sees to it that none
// is missing or left over.
//
//   const Wording say(Language::kChinese);
//   say("right answers")                   // "答对率"
//   say("{} of {}", 3, 7)                  // fields may change places: "{1} 中的 {0}"
//
// A text without a counterpart stays as it is. Errors: none. Immutable and thread-safe.
#pragma once

#include <fmt/core.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lab/problems.h"

namespace retort {

class Wording {
 public:
  explicit Wording(Language language = Language::kEnglish) : language_(language) {}

  Language language() const { return language_; }

  std::string operator()(std::string_view english) const;

  template <typename First, typename... Rest>
  std::string operator()(fmt::format_string<First, Rest...> english, First&& first,
                         Rest&&... rest) const {
    const fmt::string_view format = english;
    return fmt::vformat((*this)({format.data(), format.size()}),
                        fmt::make_format_args(first, rest...));
  }

 private:
  Language language_;
};

// English texts and their counterparts.
const std::map<std::string, std::string, std::less<>>& ChineseWords();

}  // namespace retort

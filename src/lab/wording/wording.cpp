#include "lab/wording/wording.h"

#include <nlohmann/json.hpp>

#include "lab/wording/zh.h"

namespace retort {

const std::map<std::string, std::string, std::less<>>& ChineseWords() {
  static const auto words =
      nlohmann::json::parse(kChineseJson).get<std::map<std::string, std::string, std::less<>>>();
  return words;
}

std::string Wording::operator()(std::string_view english) const {
  if (language_ == Language::kChinese) {
    if (const auto found = ChineseWords().find(english); found != ChineseWords().end())
      return found->second;
  }
  return std::string(english);
}

}  // namespace retort

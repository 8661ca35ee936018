#include "api/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace retort::api {

std::string JsonText(const nlohmann::ordered_json& value) {
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string ReplacedUtf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const Utf8Char c = DecodeUtf8(bytes);
    AppendUtf8(c.code_point, &text);  // U+FFFD unless valid
    bytes.remove_prefix(c.length);
  }
  return text;
}

int64_t CharactersIn(std::string_view bytes) {
  return std::count_if(bytes.begin(), bytes.end(), [](char byte) {
    return (static_cast<uint8_t>(byte) & 0xC0) != 0x80;  // 10xxxxxx continues a character
  });
}

}  // namespace retort::api

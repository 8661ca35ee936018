// JSON values as the text that goes out, and any bytes as text that may go into one.
//
//   event.data = JsonText(chunk);                  // {"id":"chatcmpl-5f0c2a",...}
//   ReplacedUtf8("caf\xC3");                       // "caf\xEF\xBF\xBD": the half character is
//   U+FFFD
//
// Errors: none; what is no UTF-8 is replaced. Pure and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace retort::api {

// On one line, without blanks.
std::string JsonText(const nlohmann::ordered_json& value);
std::string ReplacedUtf8(std::string_view bytes);
// Characters that begin in `bytes`: a cut one counts where its first byte stands.
int64_t CharactersIn(std::string_view bytes);

}  // namespace retort::api

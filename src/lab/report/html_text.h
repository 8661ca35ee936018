// Any bytes made safe to stand in an HTML document: model output may hold markup, control
// characters and broken UTF-8.
//
//   html += "<p>" + EscapeHtml(answer) + "</p>";
//   html += "<script type=\"application/json\">" + JsonForScript(data) + "</script>";
//
// Errors: none. Stateless and thread-safe.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace retort {

// For text and for attribute values in double or single quotes. What HTML cannot hold (control
// characters, invalid UTF-8) becomes U+FFFD.
std::string EscapeHtml(std::string_view text);

// JSON that cannot end the script element it stands in.
std::string JsonForScript(const nlohmann::json& json);

}  // namespace retort

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

// Valid UTF-8 that shows as what it is: control characters, invalid bytes and overrides of the
// writing direction, which would rearrange what stands around them, become U+FFFD.
std::string CleanText(std::string_view text);

// CleanText, for text and for attribute values in double or single quotes.
std::string EscapeHtml(std::string_view text);

// JSON that cannot end the script element it stands in.
std::string JsonForScript(const nlohmann::json& json);

}  // namespace retort

// JSON from files and requests that nobody trusts, read more strictly than nlohmann-json does by
// itself: no key may come twice in an object, nesting is bounded, and errors are in our words.
//
//   nlohmann::ordered_json config = ReadJson(bytes, "config.json");   // key order is kept
//   // "config.json: not JSON at line 3, column 7: 'nul}'; get the file anew"
//
// Errors: kCorrupt naming source and place. Stateless, thread-safe. Time and memory are linear in
// the text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace retort {

constexpr int kMaxJsonDepth = 200;  // arrays and objects inside each other

// `remedy` ends each message: what the reader of it should do.
nlohmann::ordered_json ReadJson(std::string_view text, std::string_view source,
                                std::string_view remedy = "get the file anew");

}  // namespace retort

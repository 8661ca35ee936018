// A request's body as JSON, before anybody reads its fields.
//
//   const Json body = ReadBody(bytes, limits);      // an object
//
// Strict: a key may stand once in an object, texts are UTF-8 without lone surrogates, nesting and
// the number of elements are bounded. Errors: RequestError kInvalidArgument naming line and column,
// or the place that is beyond a limit. Stateless and thread-safe; linear in the text.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "api/generate_request.h"

namespace retort::api {

Json ReadBody(std::string_view text, const RequestLimits& limits);

}  // namespace retort::api

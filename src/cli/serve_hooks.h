// What a server does through layers that it does not know: models are brought through the hub as
// `retort pull` brings them, reports are those of `retort runs export`.
//
//   options.pull = PullThroughHub(load, engine);
//   options.report = ReportOfStore(store_file);
//
// Thread-safe, one call at a time.
#pragma once

#include <string>

#include "serve/service.h"

namespace retort {

serve::PullHook PullThroughHub(const LoadOptions& load, const EngineOptions& engine);
std::function<std::string(const std::string& run, const std::string& language)> ReportOfStore(
    const std::string& store_file);

}  // namespace retort

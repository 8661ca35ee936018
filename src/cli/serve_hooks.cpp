#include "cli/serve_hooks.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "cli/compare_output.h"
#include "cli/hub_settings.h"
#include "lab/runs/comparison_store.h"
#include "store/run_store.h"

namespace retort {

serve::PullHook PullThroughHub(const LoadOptions& load, const EngineOptions& engine) {
  return [=](const std::string& text, const PullEvents::Sink& sink,
             const std::function<bool(double)>& interrupted) {
    const HubSettings settings = SettingsFromEnvironment();
    if (settings.offline) {
      Fail(ErrorCode::kUnavailable,
           "the server is offline (HF_HUB_OFFLINE); pull on another machine");
    }
    const ModelReference reference = ParseReference(text, settings.endpoint);
    const HubCache cache(settings.cache);
    const Catalogue catalogue = BuiltInCatalogue();
    PullOptions options{.endpoint = settings.endpoint};
    options.http.token = settings.token;
    options.http.token_origin = settings.endpoint;
    options.http.ca_file = settings.ca_file;
    options.http.interrupted = interrupted;
    PullEvents events(sink);
    const PulledModel model = Puller(catalogue, cache, options, events).Pull(reference);
    return serve::FileSource(text, model.path, load, engine);
  };
}

std::function<std::string(const std::string&, const std::string&)> ReportOfStore(
    const std::string& store_file) {
  return [=](const std::string& run_id, const std::string& language) {
    RunStore store(store_file);
    const RunRow run = store.Find(run_id);
    if (run.kind != "compare") {
      Fail(ErrorCode::kNotFound, "run {} is a {} and has no report", run.id, run.kind);
    }
    const Wording say(language == "zh" ? Language::kChinese : Language::kEnglish);
    return ReportText(LoadComparison(store, run), say);
  };
}

}  // namespace retort

#include "api/ollama_models.h"

#include <ctime>
#include <utility>

#include "api/field_reader.h"
#include "base/utc_time.h"

namespace retort::api {
namespace {

std::string TimeText(int64_t seconds) { return UtcText(static_cast<std::time_t>(seconds)); }

Json FileDetails(const OllamaModel& model) {
  return {{"parent_model", ""},
          {"format", model.format},
          {"family", model.family},
          {"families", Json::array({model.family})},
          {"parameter_size", model.parameter_size},
          {"quantization_level", model.quantization}};
}

Json EntryJson(const OllamaModel& model) {
  return {{"name", model.name},
          {"model", model.name},
          {"size", model.size},
          {"digest", model.digest},
          {"details", FileDetails(model)}};
}

}  // namespace

Json OllamaTagsJson(const std::vector<OllamaModel>& models) {
  Json list = Json::array();
  for (const OllamaModel& model : models) {
    Json entry = EntryJson(model);
    entry["modified_at"] = TimeText(model.modified);
    list.push_back(std::move(entry));
  }
  return {{"models", std::move(list)}};
}

Json OllamaPsJson(const std::vector<OllamaRunning>& models) {
  // Clients need a time, also of what stays.
  constexpr int64_t kEndOfCentury = 4102444800;
  Json list = Json::array();
  for (const OllamaRunning& running : models) {
    Json entry = EntryJson(running.model);
    entry["expires_at"] = TimeText(running.expires == 0 ? kEndOfCentury : running.expires);
    entry["size_vram"] = running.memory_on_device;
    entry["context_length"] = running.context_length;
    list.push_back(std::move(entry));
  }
  return {{"models", std::move(list)}};
}

Json OllamaShowJson(const OllamaDetails& details) {
  return {{"license", details.license},
          {"modelfile", "FROM " + details.model.name},
          {"parameters", details.parameters},
          {"template", details.chat_template},
          {"details", FileDetails(details.model)},
          {"model_info", details.model_info},
          {"capabilities", details.capabilities},
          {"modified_at", TimeText(details.model.modified)}};
}

Json OllamaVersionJson(const std::string& version) { return {{"version", version}}; }

OllamaShowRequest ParseOllamaShow(const Json& body) {
  FieldReader fields(body, "");
  OllamaShowRequest request;
  const auto name = fields.Text("name");
  const auto model = fields.Text("model");
  request.model = model ? *model : name ? *name : fields.NeedText("model");
  request.verbose = fields.Bool("verbose").value_or(false);
  return request;
}

}  // namespace retort::api

#include "api/openai_models.h"

namespace retort::api {
namespace {

void Add(const char* name, const std::string& text, Json* json) {
  if (!text.empty()) (*json)[name] = text;
}

template <class T>
void Add(const char* name, const std::optional<T>& value, Json* json) {
  if (value) (*json)[name] = *value;
}

}  // namespace

Json ModelJson(const ModelEntry& model) {
  Json json = {{"id", model.id},
               {"object", "model"},
               {"created", model.created},
               {"owned_by", model.owned_by}};
  Add("state", model.state, &json);
  Add("max_model_len", model.max_model_len, &json);
  Add("size", model.size_bytes, &json);
  Add("parameters", model.parameters, &json);
  Add("architecture", model.architecture, &json);
  Add("quantization", model.quantization, &json);
  return json;
}

Json ModelListJson(const std::vector<ModelEntry>& models) {
  Json data = Json::array();
  for (const ModelEntry& model : models) data.push_back(ModelJson(model));
  return {{"object", "list"}, {"data", std::move(data)}};
}

}  // namespace retort::api

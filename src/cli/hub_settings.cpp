#include "cli/hub_settings.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/trimmed.h"
#include "hub/names.h"

namespace retort {
namespace {

bool IsTrue(const std::string& value) {
  const std::string lower = LowerCase(value);
  return lower == "1" || lower == "on" || lower == "yes" || lower == "true";
}

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

HubSettings ReadSettings(const std::function<std::string(const char*)>& variable) {
  const std::string user = variable("HOME");
  const auto expanded = [&](const std::string& path) {
    return path == "~" || path.starts_with("~/") ? user + path.substr(1) : path;
  };
  const auto either = [](const std::string& value, const std::string& otherwise) {
    return value.empty() ? otherwise : value;
  };
  const std::string caches = either(expanded(variable("XDG_CACHE_HOME")), user + "/.cache");
  const std::string home = either(expanded(variable("HF_HOME")), caches + "/huggingface");
  HubSettings settings;
  settings.endpoint = either(variable("HF_ENDPOINT"), std::string(kPublicHub));
  while (settings.endpoint.ends_with('/')) settings.endpoint.pop_back();
  settings.cache = either(expanded(variable("HF_HUB_CACHE")), home + "/hub");
  for (const char* name : {"XDG_CACHE_HOME", "HF_HOME", "HF_HUB_CACHE"}) {
    if (!variable(name).empty()) settings.cache_chosen_by = name;
  }
  settings.ca_file = variable("CURL_CA_BUNDLE");
  settings.offline = IsTrue(variable("HF_HUB_OFFLINE"));
  if (IsTrue(variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))) return settings;
  settings.token = Trimmed(variable("HF_TOKEN"));
  if (settings.token.empty()) {
    settings.token =
        Trimmed(FirstLine(either(expanded(variable("HF_TOKEN_PATH")), home + "/token")));
  }
  return settings;
}

HubSettings SettingsFromEnvironment() {
  return ReadSettings([](const char* variable) {
    const char* value = std::getenv(variable);
    return std::string(value == nullptr ? "" : value);
  });
}

Catalogue BuiltInCatalogue() { return Catalogue::Parse(kCatalogueJson); }

bool IsPath(const std::string& text) {
  std::error_code error;
  if (std::filesystem::exists(text, error)) return true;
  if (text.starts_with("hf:") || text.starts_with("hf.co/")) return false;
  if (text.find("://") != std::string::npos) return false;
  // What looks like a path was meant as one, also where nothing lies there.
  const std::string extension = std::filesystem::path(text).extension().string();
  for (const char* known : {".gguf", ".safetensors", ".jinja", ".json", ".gz"}) {
    if (extension == known) return true;
  }
  return text.find('/') != std::string::npos;
}

std::string ModelPath(const std::string& text) {
  if (IsPath(text)) return text;
  const HubSettings settings = SettingsFromEnvironment();
  return ResolveModel(ParseReference(text, settings.endpoint), HubCache(settings.cache),
                      BuiltInCatalogue())
      .path;
}

void ResolveModelPaths(std::vector<std::string>& texts) {
  for (std::string& text : texts) text = ModelPath(text);
}

}  // namespace retort

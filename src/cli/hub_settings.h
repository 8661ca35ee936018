// Where models come from and where they are kept, by the variables that Hugging Face's own tools
// read: HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE,
// HF_HUB_DISABLE_IMPLICIT_TOKEN; and CURL_CA_BUNDLE. docs/models.md explains them.
//
//   const HubSettings settings = SettingsFromEnvironment();
//   LoadModel(ModelPath("r1-distill-qwen-1.5b"), options);
//
// Errors: kInvalidArgument and kNotFound, as parsing and resolving a reference give them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hub/cache.h"
#include "hub/cached_models.h"
#include "hub/catalogue.h"
#include "hub/reference.h"

namespace retort {

struct HubSettings {
  std::string endpoint;         // without a slash at the end
  std::string cache;            // folder
  std::string cache_chosen_by;  // the variable that named it; empty: it is the usual one
  std::string token;            // empty: none. Never shown
  std::string ca_file;
  bool offline = false;
};

// `variable`: the value of a variable of the environment, empty if it is not set.
HubSettings ReadSettings(const std::function<std::string(const char* variable)>& variable);
HubSettings SettingsFromEnvironment();

Catalogue BuiltInCatalogue();

// Whether a MODEL argument is the path of a file or folder rather than a reference.
bool IsPath(const std::string& text);

// The file or folder that a MODEL argument means: a path as it is, a reference by what was pulled.
std::string ModelPath(const std::string& text);
void ResolveModelPaths(std::vector<std::string>& texts);

}  // namespace retort

#include "tests/support/paths.h"

#include <cstdlib>
#include <filesystem>

namespace retort {
namespace {

std::string Variable(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::string IfExists(const std::string& path) {
  return std::filesystem::exists(path) ? path : std::string();
}

}  // namespace

std::string TestData(const std::string& name) {
  return std::string(RETORT_SOURCE_DIR) + "/tests/data/" + name;
}

std::string RealModel(const std::string& name) {
  return IfExists(Variable("RETORT_MODELS", Variable("HOME", "") + "/.cache/retort-models") + "/" +
                  name);
}

std::string SharedData(const std::string& name) {
  return IfExists(Variable("RETORT_SHARED", std::string(RETORT_SOURCE_DIR) + "/../shared") + "/" +
                  name);
}

}  // namespace retort

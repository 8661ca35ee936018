#include "hub/origin.h"

#include <fstream>
#include <nlohmann/json.hpp>

namespace retort {

std::optional<Origin> ReadOrigin(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  try {
    const nlohmann::json json = nlohmann::json::parse(file);
    return Origin{.url = json.at("url"),
                  .sha256 = json.at("sha256"),
                  .validator = json.at("validator"),
                  .bytes = json.at("bytes")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

void WriteOrigin(const std::string& path, const Origin& origin) {
  const nlohmann::ordered_json json = {{"url", origin.url},
                                       {"sha256", origin.sha256},
                                       {"bytes", origin.bytes},
                                       {"validator", origin.validator}};
  std::ofstream(path, std::ios::binary)
      << json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
}

}  // namespace retort

// A value inside a JSON file together with its place, so that every complaint about it names file,
// place and value.
//
//   JsonComponent file("tokenizer.json", document);
//   JsonComponent model = file.GetObject("model");
//   model.Only("byte_fallback", false);    // "tokenizer.json: model.byte_fallback is true; ..."
//
// Errors: kCorrupt for what is missing or of another type, kUnsupported for values that Retort does
// not know. A view: the document must outlive it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class JsonComponent {
 public:
  using Json = nlohmann::ordered_json;

  JsonComponent(std::string_view source, Json& json) : source_(source), json_(&json) {}

  Json& json() const { return *json_; }
  std::string_view source() const { return source_; }

  // Nothing if absent or null.
  std::optional<JsonComponent> Find(const char* name) const;
  JsonComponent GetObject(const char* name) const;
  JsonComponent GetArray(const char* name) const;
  JsonComponent At(size_t index) const;  // of an array
  std::string GetString(const char* name) const;
  bool GetBool(const char* name, bool otherwise) const;

  // Refuses the member `name` unless it is absent or `only`.
  void Only(const char* name, const Json& only) const;

  // The parts of a component of type "Sequence", which are in its array `name`; itself if it is
  // of another type.
  std::vector<JsonComponent> Parts(const char* name) const;

  [[noreturn]] void Corrupt(std::string_view problem) const;        // "PLACE PROBLEM"
  [[noreturn]] void Unsupported(std::string_view supported) const;  // "PLACE is VALUE; ..."

 private:
  enum class Type : uint8_t { kObject, kArray, kString, kBool };

  JsonComponent(std::string_view source, std::string place, Json& json)
      : source_(source), place_(std::move(place)), json_(&json) {}

  JsonComponent Get(const char* name, Type type) const;

  std::string_view source_;
  std::string place_;  // "pre_tokenizer.pretokenizers[1]"; empty: the whole file
  Json* json_;
};

}  // namespace retort

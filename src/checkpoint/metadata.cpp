#include <fmt/core.h>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/checkpoint.h"

namespace retort {
namespace {

struct Describe {
  std::string operator()(bool value) const {
    return value ? "the truth value true" : "the truth value false";
  }
  std::string operator()(int64_t value) const { return fmt::format("the integer {}", value); }
  std::string operator()(double value) const { return fmt::format("the number {}", value); }
  std::string operator()(const std::string& value) const {
    return fmt::format("the string {}", Quoted(value));
  }
  template <typename T>
  std::string operator()(const std::vector<T>& value) const {
    return fmt::format("an array of {} elements", value.size());
  }
};

[[noreturn]] void WrongType(const Metadata& metadata, std::string_view key,
                            const MetadataValue& value, std::string_view expected) {
  Fail(ErrorCode::kCorrupt, "{}: metadata {} is {}, expected {}; convert the model again",
       metadata.source(), Quoted(key), std::visit(Describe(), value), expected);
}

[[noreturn]] void Missing(const Metadata& metadata, std::string_view key) {
  Fail(ErrorCode::kCorrupt,
       "{}: metadata {} is missing; the file is incomplete or not a model of this kind, convert "
       "it again",
       metadata.source(), Quoted(key));
}

const MetadataValue* FindValue(const Metadata& metadata, std::string_view key) {
  const auto it = metadata.values().find(key);
  return it == metadata.values().end() ? nullptr : &it->second;
}

// nullptr when absent; kCorrupt when of another type.
template <typename T>
const T* FindAs(const Metadata& metadata, std::string_view key, std::string_view expected) {
  const MetadataValue* value = FindValue(metadata, key);
  if (value == nullptr) return nullptr;
  const T* typed = std::get_if<T>(value);
  if (typed == nullptr) WrongType(metadata, key, *value, expected);
  return typed;
}

template <typename T>
std::optional<T> ToOptional(const T* value) {
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

}  // namespace

std::optional<int64_t> Metadata::FindInt(std::string_view key) const {
  return ToOptional(FindAs<int64_t>(*this, key, "an integer"));
}

std::optional<double> Metadata::FindDouble(std::string_view key) const {
  const MetadataValue* value = FindValue(*this, key);
  if (value == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<double>(value)) return *number;
  if (const auto* integer = std::get_if<int64_t>(value)) return static_cast<double>(*integer);
  WrongType(*this, key, *value, "a number");
}

std::optional<bool> Metadata::FindBool(std::string_view key) const {
  return ToOptional(FindAs<bool>(*this, key, "true or false"));
}

const std::string* Metadata::FindString(std::string_view key) const {
  return FindAs<std::string>(*this, key, "a string");
}

const std::vector<std::string>* Metadata::FindStrings(std::string_view key) const {
  return FindAs<std::vector<std::string>>(*this, key, "an array of strings");
}

const std::vector<int64_t>* Metadata::FindInts(std::string_view key) const {
  return FindAs<std::vector<int64_t>>(*this, key, "an array of integers");
}

int64_t Metadata::GetInt(std::string_view key) const {
  const std::optional<int64_t> value = FindInt(key);
  if (!value) Missing(*this, key);
  return *value;
}

double Metadata::GetDouble(std::string_view key) const {
  const std::optional<double> value = FindDouble(key);
  if (!value) Missing(*this, key);
  return *value;
}

const std::string& Metadata::GetString(std::string_view key) const {
  const std::string* value = FindString(key);
  if (value == nullptr) Missing(*this, key);
  return *value;
}

}  // namespace retort

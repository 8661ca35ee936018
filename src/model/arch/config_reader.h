// Reads the settings of one architecture, whose keys share a prefix, with errors that name the key.
//
//   const ConfigReader reader(checkpoint.metadata(), "llama.");
//   int64_t layers = reader.Int("block_count");            // llama.block_count
//   reader.Refuse("expert_count", experts > 0, experts);   // what the decoder does not compute
//
// Errors: kCorrupt for missing keys and wrong types, kUnsupported from Refuse. The metadata must
// outlive the reader. Immutable and thread-safe.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/quote.h"
#include "checkpoint/checkpoint.h"

namespace retort {

class ConfigReader {
 public:
  explicit ConfigReader(const Metadata& metadata, std::string prefix = "")
      : metadata_(metadata), prefix_(std::move(prefix)) {}

  std::string Key(std::string_view key) const { return prefix_ + std::string(key); }
  bool Has(std::string_view key) const { return metadata_.values().contains(Key(key)); }
  int64_t Int(std::string_view key) const { return metadata_.GetInt(Key(key)); }
  double Double(std::string_view key) const { return metadata_.GetDouble(Key(key)); }
  int64_t IntOr(std::string_view key, int64_t absent) const {
    return metadata_.FindInt(Key(key)).value_or(absent);
  }
  double DoubleOr(std::string_view key, double absent) const {
    return metadata_.FindDouble(Key(key)).value_or(absent);
  }
  bool BoolOr(std::string_view key, bool absent) const {
    return metadata_.FindBool(Key(key)).value_or(absent);
  }
  std::string StringOr(std::string_view key, std::string_view absent) const {
    const std::string* text = metadata_.FindString(Key(key));
    return text == nullptr ? std::string(absent) : *text;
  }

  // A number, or one number for each layer: then all must be equal.
  int64_t IntOrUniformArray(std::string_view key) const {
    const auto found = metadata_.values().find(Key(key));
    const bool is_array = found != metadata_.values().end() &&
                          std::holds_alternative<std::vector<int64_t>>(found->second);
    if (!is_array) return Int(key);
    const std::vector<int64_t>& values = *metadata_.FindInts(Key(key));
    if (values.empty() ||
        std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end()) {
      Fail(ErrorCode::kUnsupported,
           "{}: {} differs from layer to layer; Retort runs models whose layers are alike",
           metadata_.source(), Key(key));
    }
    return values.front();
  }

  // For features that would change the answers and that the decoder does not compute.
  template <typename T>
  void Refuse(std::string_view key, bool if_true, const T& value) const {
    if (!if_true) return;
    Fail(ErrorCode::kUnsupported, "{}: {} is {}, which Retort does not compute", metadata_.source(),
         Key(key), Printable(fmt::format("{}", value)));
  }

 private:
  const Metadata& metadata_;
  std::string prefix_;
};

}  // namespace retort

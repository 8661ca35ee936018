#include "text/utf8_stream.h"

#include <utility>

#include "base/utf8.h"

namespace retort {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Appends `bytes` repaired; returns how many bytes at the end are an unfinished character.
size_t AppendRepaired(std::string_view bytes, std::string* out) {
  while (true) {
    const size_t valid = ValidUtf8Prefix(bytes);
    out->append(bytes.substr(0, valid));
    bytes.remove_prefix(valid);
    if (bytes.empty()) return 0;
    const Utf8Char bad = DecodeUtf8(bytes);
    if (bad.status == Utf8Status::kTruncated) return bytes.size();
    out->append(kReplacement);
    bytes.remove_prefix(bad.length);
  }
}

}  // namespace

std::string Utf8Stream::Push(std::string_view bytes) {
  held_.append(bytes);
  std::string out;
  const size_t unfinished = AppendRepaired(held_, &out);
  held_.erase(0, held_.size() - unfinished);
  return out;
}

std::string Utf8Stream::Finish() {
  const bool unfinished = !std::exchange(held_, {}).empty();
  return std::string(unfinished ? kReplacement : "");
}

std::string Utf8Repair(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  if (AppendRepaired(bytes, &out) > 0) out.append(kReplacement);
  return out;
}

}  // namespace retort

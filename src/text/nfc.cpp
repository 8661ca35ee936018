#include "text/nfc.h"

#include <utf8proc.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "base/error.h"
#include "base/utf8.h"

namespace retort {
namespace {

// Blocks whose characters neither decompose nor combine with what stands before them: up to the
// combining marks, general punctuation without its two singletons, CJK punctuation and kana without
// the sound marks, CJK ideographs, full-width forms.
bool IsInert(uint32_t c) {
  return c < 0x300 || (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x3029) ||
         (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A0 && c <= 0x30FF) ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xFF01 && c <= 0xFFEF);
}

}  // namespace

bool IsSurelyNfc(std::string_view text) {
  while (!text.empty()) {
    if (static_cast<uint8_t>(text[0]) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const Utf8Char c = DecodeUtf8(text);
    if (c.status != Utf8Status::kValid || !IsInert(c.code_point)) return false;
    text.remove_prefix(c.length);
  }
  return true;
}

std::string ToNfc(std::string_view text) {
  uint8_t* mapped = nullptr;
  const auto size = utf8proc_map(
      reinterpret_cast<const uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
      &mapped, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) {
    Fail(ErrorCode::kResourceExhausted, "normalising {} bytes of text failed: {}", text.size(),
         utf8proc_errmsg(size));
  }
  return {reinterpret_cast<const char*>(mapped), static_cast<size_t>(size)};
}

}  // namespace retort

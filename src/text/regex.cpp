#include "text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstdint>
#include <string>

#include "base/error.h"

namespace retort {
// Named, since Impl is known beyond this file and has members of these types.
namespace pcre2 {

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};

using Code = std::unique_ptr<pcre2_code, Freed<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Freed<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context_free>>;

}  // namespace pcre2

namespace {

constexpr uint32_t kMatchOptions = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;

// White space as Unicode defines it (property White_Space), for use inside a class.
constexpr std::string_view kSpace =
    R"(\t-\r\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000})";

// Spells out \s and \S, because PCRE2's also take U+180E, which lost the property in Unicode 6.3.
std::string SpellOutSpace(std::string_view pattern) {
  std::string spelt;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      if (escaped == 's' || escaped == 'S') {
        RETORT_CHECK(!(in_class && escaped == 'S'));  // cannot be spelt as a part of a class
        if (!in_class) spelt += escaped == 's' ? "[" : "[^";
        spelt += kSpace;
        if (!in_class) spelt += ']';
      } else {
        spelt += {c, escaped};
      }
      continue;
    }
    if (c == '[' && !in_class) in_class = true;
    if (c == ']') in_class = false;
    spelt += c;
  }
  return spelt;
}

}  // namespace

struct Regex::Impl {
  pcre2::Code code;
  bool jit = false;  // machine code; some systems forbid it, then PCRE2 interprets
};

Regex::Regex(std::string_view pattern) {
  int error = 0;
  size_t where = 0;
  const std::string spelt = SpellOutSpace(pattern);
  pcre2::Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(spelt.data()), spelt.size(),
                                 PCRE2_UTF | PCRE2_UCP, &error, &where, nullptr));
  if (!code) {
    Fail(ErrorCode::kInternal, "pattern does not compile (PCRE2 error {} at byte {}): {}", error,
         where, spelt);
  }
  const bool jit = pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE) == 0;
  impl_ = std::make_unique<const Impl>(Impl{std::move(code), jit});
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;

struct RegexMatcher::Impl {
  const Regex::Impl& regex;
  pcre2::MatchData data;
  pcre2::MatchContext context;
};

RegexMatcher::RegexMatcher(const Regex& regex)
    : impl_(std::make_unique<Impl>(
          Impl{*regex.impl_, pcre2::MatchData(pcre2_match_data_create(1, nullptr)),
               pcre2::MatchContext(pcre2_match_context_create(nullptr))})) {
  RETORT_CHECK(impl_->data && impl_->context);
  pcre2_set_match_limit(impl_->context.get(), UINT32_MAX);
}

RegexMatcher::~RegexMatcher() = default;
RegexMatcher::RegexMatcher(RegexMatcher&&) noexcept = default;

std::optional<RegexMatch> RegexMatcher::Next(std::string_view text, size_t from) {
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  const auto match = impl_->regex.jit ? pcre2_jit_match : pcre2_match;
  const int result = match(impl_->regex.code.get(), subject, text.size(), from, kMatchOptions,
                           impl_->data.get(), impl_->context.get());
  if (result == PCRE2_ERROR_NOMATCH) return std::nullopt;
  if (result < 0) {
    Fail(ErrorCode::kInternal, "PCRE2 error {} at byte {} of a text of {} bytes", result, from,
         text.size());
  }
  const size_t* offsets = pcre2_get_ovector_pointer(impl_->data.get());
  return RegexMatch{offsets[0], offsets[1]};
}

}  // namespace retort

#include "text/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <cstdint>

#include "base/error.h"

namespace retort {
namespace {

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

constexpr uint32_t kMatchOptions = PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY;

}  // namespace

struct Regex::Impl {
  Code code;
  bool jit = false;  // machine code; some systems forbid it, then PCRE2 interprets
};

Regex::Regex(std::string_view pattern) {
  int error = 0;
  size_t where = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                          PCRE2_UTF | PCRE2_UCP, &error, &where, nullptr));
  if (!code) {
    Fail(ErrorCode::kInternal, "pattern does not compile (PCRE2 error {} at byte {}): {}", error,
         where, pattern);
  }
  const bool jit = pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE) == 0;
  impl_ = std::make_unique<const Impl>(Impl{std::move(code), jit});
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;

struct RegexMatcher::Impl {
  const Regex::Impl& regex;
  MatchData data;
  MatchContext context;
};

RegexMatcher::RegexMatcher(const Regex& regex)
    : impl_(
          std::make_unique<Impl>(Impl{*regex.impl_, MatchData(pcre2_match_data_create(1, nullptr)),
                                      MatchContext(pcre2_match_context_create(nullptr))})) {
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

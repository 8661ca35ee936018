// A compiled regular expression over UTF-8 (PCRE2 with Unicode properties), for pre-tokenisation.
//
//   Regex digits(R"(\p{N})");
//   RegexMatcher matcher(digits);            // per thread
//   while (auto m = matcher.Next(text, at)) at = m->end;
//
// Patterns are read as Hugging Face's tokenizers read them: \s is Unicode's property White_Space.
// `text` must be valid UTF-8: it is not checked again for each match. Matching time is linear in
// the match for the patterns used here, and there is no limit that long text could hit.
// Errors: kInternal for a pattern that does not compile. Regex is thread-safe, RegexMatcher not.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace retort {

class Regex {
 public:
  explicit Regex(std::string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;

 private:
  friend class RegexMatcher;
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

struct RegexMatch {
  size_t begin, end;  // bytes
};

class RegexMatcher {
 public:
  explicit RegexMatcher(const Regex& regex);  // `regex` must outlive it
  ~RegexMatcher();
  RegexMatcher(RegexMatcher&&) noexcept;

  // The first match that is not empty and begins at or after `from`.
  std::optional<RegexMatch> Next(std::string_view text, size_t from);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace retort

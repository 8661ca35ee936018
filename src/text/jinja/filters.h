// The filters of `value | …` by what they work on: each file has its table, and FindFilter
// (builtins.h) searches them all.
#pragma once

#include <span>
#include <string_view>

#include "text/jinja/builtins.h"

namespace retort::jinja {

struct FilterEntry {
  std::string_view name;
  Filter filter;
};

std::span<const FilterEntry> TextFilters();
std::span<const FilterEntry> SequenceFilters();

// For filters that take none.
inline void NoArguments(std::string_view filter, const Arguments& arguments) {
  ArgumentReader(filter, arguments).Finish();
}

}  // namespace retort::jinja

#include "base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace retort {
namespace {

TEST(Error, CarriesCodeAndFormattedMessage) {
  try {
    Fail(ErrorCode::kCorrupt, "{}: {} tensors", "m.gguf", 3);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
    EXPECT_STREQ(error.what(), "m.gguf: 3 tensors");
    return;
  }
  FAIL() << "nothing was thrown";
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::set<std::string> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    names.insert(ErrorCodeName(static_cast<ErrorCode>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(ErrorCode::kInternal) + 1);
  EXPECT_EQ(names.count("unknown"), 0u);
  EXPECT_STREQ(ErrorCodeName(ErrorCode::kNotFound), "not_found");
}

TEST(CheckDeathTest, ABrokenPromiseNamesConditionAndPlace) {
  const int answer = 41;
  RETORT_CHECK(answer > 0);
  EXPECT_DEATH(RETORT_CHECK(answer == 42), "error_test.cpp:[0-9]+: broken promise: answer == 42");
}

}  // namespace
}  // namespace retort

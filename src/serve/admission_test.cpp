#include "serve/admission.h"

#include <gtest/gtest.h>

#include <vector>

namespace retort::serve {
namespace {

TEST(Admission, CountsEachModelAndMakesRoomAgain) {
  Admission admission({.running = 2, .queued = 1});
  std::vector<std::shared_ptr<void>> tickets;
  for (int i = 0; i < 3; ++i) tickets.push_back(admission.Admit("a"));
  EXPECT_THROW(admission.Admit("a"), Refusal);
  EXPECT_NO_THROW(admission.Admit("b"));
  EXPECT_EQ(admission.in_work(), 3);
  tickets.pop_back();
  EXPECT_NO_THROW(admission.Admit("a"));
}

TEST(Admission, SaysWhenToTryAgain) {
  Admission admission({.running = 1, .queued = 0});
  const auto ticket = admission.Admit("a");
  try {
    admission.Admit("a");
    FAIL() << "taken";
  } catch (const Refusal& refusal) {
    EXPECT_GE(refusal.retry_after, 1);
    EXPECT_LE(refusal.retry_after, 60);
    EXPECT_STREQ(refusal.what(),
                 "1 requests are being answered or waiting, which is the limit; try again in 1 s");
  }
}

}  // namespace
}  // namespace retort::serve

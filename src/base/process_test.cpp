#include "base/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/error.h"
#include "base/interrupt.h"

namespace retort {
namespace {

std::vector<std::string> Shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

bool Exists(pid_t pid) { return ::kill(pid, 0) == 0; }

TEST(ChildProcessTest, SpeaksInLinesBothWays) {
  ChildProcess child(Shell("while read line; do echo \"got $line\"; done"));
  child.WriteLine("one");
  EXPECT_EQ(child.ReadLine(), "got one");
  child.WriteLine("two");
  EXPECT_EQ(child.ReadLine(), "got two");
}

TEST(ChildProcessTest, TakesLinesLongerThanAnyBuffer) {
  ChildProcess child(Shell("head -c 1000000 /dev/zero | tr '\\0' x; echo"));
  EXPECT_EQ(child.ReadLine().value().size(), 1000000u);
  EXPECT_EQ(child.ReadLine(), std::nullopt);
}

TEST(ChildProcessTest, TellsHowItEndedAndWhatItSaidLast) {
  ChildProcess child(Shell("echo first >&2; echo 'no such model' >&2; echo; exit 3"));
  EXPECT_EQ(child.ReadLine(), "");
  EXPECT_EQ(child.ReadLine(), std::nullopt);
  EXPECT_EQ(child.WaitForEnd(), "exit status 3");
  EXPECT_EQ(child.LastErrorLine(), "no such model");
}

TEST(ChildProcessTest, NamesTheSignalThatKilledIt) {
  ChildProcess child(Shell("kill -9 $$"));
  EXPECT_EQ(child.ReadLine(), std::nullopt);
  EXPECT_EQ(child.WaitForEnd(), "killed by signal 9 (Killed)");
}

TEST(ChildProcessTest, WritingToADeadChildIsAnErrorAndNoSignal) {
  ChildProcess child(Shell("exit 0"));
  EXPECT_EQ(child.ReadLine(), std::nullopt);
  try {
    child.WriteLine("anyone?");
    FAIL() << "the child is gone";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  }
}

TEST(ChildProcessTest, FloodsOfErrorsDoNotBlockTheChild) {
  ChildProcess child(
      Shell("head -c 500000 /dev/zero | tr '\\0' '\\n' >&2; echo end >&2; echo done"));
  EXPECT_EQ(child.ReadLine(), "done");
  child.WaitForEnd();
  EXPECT_EQ(child.LastErrorLine(), "end");
}

TEST(ChildProcessTest, AProgramThatDoesNotExistIsAnError) {
  try {
    ChildProcess child({"/nonexistent/program"});
    FAIL() << "there is no such program";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_NE(std::string(error.what()).find("/nonexistent/program"), std::string::npos);
  }
}

TEST(ChildProcessTest, DiesWithTheObject) {
  pid_t pid = 0;
  {
    ChildProcess child(Shell("echo ready; sleep 1000"));
    EXPECT_EQ(child.ReadLine(), "ready");
    pid = child.pid();
    EXPECT_TRUE(Exists(pid));
  }
  EXPECT_FALSE(Exists(pid));
}

TEST(ChildProcessTest, AnInterruptEndsTheWait) {
  InterruptSignals interrupts;
  ChildProcess child(Shell("sleep 1000"));
  ::kill(::getpid(), SIGINT);
  try {
    child.ReadLine(interrupts.fd());
    FAIL() << "should have been interrupted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_TRUE(interrupts.Wait(0));
}

TEST(InterruptSignalsTest, LeavesNoSignalBehind) {
  {
    InterruptSignals interrupts;
    EXPECT_FALSE(interrupts.Wait(0.01));
    ::kill(::getpid(), SIGTERM);
    EXPECT_TRUE(interrupts.Wait(0));
  }
  SUCCEED() << "still alive";
}

TEST(ProcessUsageTest, SeesMemoryAndTime) {
  const ProcessUsage before = ReadUsage(::getpid());
  EXPECT_GT(before.resident_bytes, 0);
  EXPECT_GE(before.peak_resident_bytes, before.file_bytes);
  std::vector<char> block(64 << 20, 1);
  volatile uint64_t sum = 0;
  for (uint64_t i = 0; i < 100'000'000; ++i) sum = sum + i;
  const ProcessUsage after = ReadUsage(::getpid());
  EXPECT_GE(after.resident_bytes - before.resident_bytes, 50 << 20);
  EXPECT_GT(after.cpu_seconds, before.cpu_seconds);
  EXPECT_EQ(block.back(), 1);
}

TEST(ProcessUsageTest, IsZeroForAProcessThatIsGone) {
  pid_t pid = 0;
  {
    ChildProcess child(Shell("exit 0"));
    pid = child.pid();
  }
  EXPECT_EQ(ReadUsage(pid).resident_bytes, 0);
}

}  // namespace
}  // namespace retort

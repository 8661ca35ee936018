#include "cli/line_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <optional>
#include <string_view>

#include "cli/on_interrupt.h"

namespace retort {
namespace {

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() {
    EXPECT_EQ(pipe(pipe_), 0);
    // A test in the background of a shell would have it ignored.
    std::signal(SIGINT, SIG_DFL);
    reader_.emplace(pipe_[0], signals_);
  }
  ~LineReaderTest() override {
    close(pipe_[0]);
    CloseInput();
  }
  void Type(std::string_view text) {
    EXPECT_EQ(write(pipe_[1], text.data(), text.size()), std::ssize(text));
  }
  void CloseInput() {
    if (pipe_[1] >= 0) close(pipe_[1]);
    pipe_[1] = -1;
  }
  LineReader::Event Next() { return reader_->Next(""); }

  int pipe_[2] = {-1, -1};
  InterruptSignals signals_;
  std::optional<LineReader> reader_;
};

TEST_F(LineReaderTest, GivesLinesAndThenTheEnd) {
  Type("one\n\ntwo\nthree");
  EXPECT_EQ(Next().line, "one");
  EXPECT_EQ(Next().line, "");
  EXPECT_EQ(Next().line, "two");
  CloseInput();
  EXPECT_EQ(Next().line, "three");
  EXPECT_EQ(Next().kind, LineReader::Kind::kEnd);
  EXPECT_EQ(Next().kind, LineReader::Kind::kEnd);
}

TEST_F(LineReaderTest, CtrlCIsAnEventAndDropsWhatWasTyped) {
  Type("half a li");
  kill(getpid(), SIGINT);
  EXPECT_EQ(Next().kind, LineReader::Kind::kInterrupt);
  kill(getpid(), SIGTERM);
  EXPECT_EQ(Next().kind, LineReader::Kind::kEnd);
}

TEST(OnInterrupt, CallsBackForEachSignalWhileItLives) {
  std::signal(SIGINT, SIG_DFL);
  const InterruptSignals signals;
  std::atomic<int> calls = 0;
  std::atomic<int> last = 0;
  {
    const OnInterrupt watch(signals, [&](int signal) {
      last = signal;
      ++calls;
    });
    kill(getpid(), SIGINT);
    while (calls < 1) usleep(100);
    EXPECT_EQ(last, SIGINT);
    kill(getpid(), SIGTERM);
    while (calls < 2) usleep(100);
    EXPECT_EQ(last, SIGTERM);
  }
  kill(getpid(), SIGINT);  // nobody watches: it waits
  EXPECT_EQ(TakeSignal(signals), SIGINT);
  EXPECT_EQ(TakeSignal(signals), std::nullopt);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace retort

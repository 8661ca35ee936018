#include "doctor/port_check.h"

#include <gtest/gtest.h>

#include "doctor/test_root.h"
#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

constexpr char kHead[] = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n";

// 7860 is 1EB4.
std::string Row(const std::string& local, const std::string& state = "0A",
                const std::string& inode = "555") {
  return "   0: " + local + " 00000000:0000 " + state +
         " 00000000:00000000 00:00000000 00000000  1000        0 " + inode + " 1 0 100 0 0 10 0\n";
}

class PortCheckTest : public testing::Test {
 protected:
  void Table(const std::string& rows, const std::string& name = "tcp") {
    root_.Write("/proc/net/" + name, kHead + rows);
  }
  Finding Check() const {
    const Findings findings = CheckPort(GatherPort(SystemFiles(root_.path()), 7860));
    EXPECT_EQ(findings.size(), 1u);
    return findings.front();
  }

  TestRoot root_;
};

TEST_F(PortCheckTest, AFreePortIsFine) {
  Table(Row("0100007F:1EB5") + Row("0100007F:1EB4", /*state=*/"01"));
  EXPECT_EQ(Check().severity, Severity::kOk) << "a connection is no listener";
  EXPECT_EQ(Check().what, "7860 is free");
}

TEST_F(PortCheckTest, NamesTheProcessAndAFreePort) {
  Table(Row("0100007F:1EB4") + Row("00000000:1EB5", "0A", "556"));
  root_.Write("/proc/4711/comm", "python3\n");
  root_.Link("/proc/4711/fd/0", "/dev/null");
  root_.Link("/proc/4711/fd/7", "socket:[555]");
  root_.Link("/proc/12/fd/3", "socket:[5]");
  EXPECT_EQ(Check().severity, Severity::kError);
  EXPECT_EQ(Check().what, "7860 is in use by python3 (pid 4711)");
  EXPECT_EQ(Check().remedy, "retort serve --port 7862, or end it: kill 4711");
}

TEST_F(PortCheckTest, OtherUsersFilesMayNotBeSeen) {
  Table("");
  Table(Row("00000000000000000000000000000000:1EB4"), "tcp6");
  EXPECT_EQ(Check().what, "7860 is in use by another user's process");
  EXPECT_TRUE(Has(Check().remedy, "sudo ss -ltnp sport = :7860")) << Check().remedy;
}

TEST_F(PortCheckTest, AServerOfOursIsNamedSo) {
  Table(Row("0000000000000000FFFF00000100007F:1EB4"), "tcp6");
  root_.Write("/proc/9/comm", "retort\n");
  root_.Link("/proc/9/fd/7", "socket:[555]");
  EXPECT_EQ(Check().severity, Severity::kNote);
  EXPECT_TRUE(Has(Check().what, "`retort ps` shows it")) << Check().what;
}

TEST_F(PortCheckTest, AnotherAddressIsNotInTheWay) {
  Table(Row("0501A8C0:1EB4"));
  EXPECT_EQ(Check().severity, Severity::kNote);
  Table(Row("0501A8C0:1EB4") + Row("0100007F:1EB4"));
  EXPECT_EQ(Check().severity, Severity::kError) << "the one that is counts";
}

TEST_F(PortCheckTest, TablesThatAreMissingOrDamagedSayNothing) {
  EXPECT_EQ(Check().severity, Severity::kOk);
  Table("garbage\n 1: nonsense\n");
  EXPECT_EQ(Check().severity, Severity::kOk);
}

}  // namespace
}  // namespace retort::doctor

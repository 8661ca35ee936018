#include "base/cgroup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>

namespace retort {
namespace {

// A directory that stands for /sys/fs/cgroup, with a membership file beside it.
class CgroupTest : public ::testing::Test {
 protected:
  CgroupTest() {
    std::string pattern = ::testing::TempDir() + "cgroup-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~CgroupTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path full = root_ + path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  int Limit(const std::string& membership) {
    Write("/membership", membership);
    return CgroupCpuLimit(root_ + "/membership", root_);
  }

  static constexpr int kNoLimit = std::numeric_limits<int>::max();
  std::string root_;
};

TEST_F(CgroupTest, NoLimitWithoutFilesOrQuota) {
  EXPECT_EQ(CgroupCpuLimit(root_ + "/absent", root_), kNoLimit);
  EXPECT_EQ(Limit("0::/\n"), kNoLimit);
  Write("/a/cpu.max", "max 100000\n");
  EXPECT_EQ(Limit("0::/a\n"), kNoLimit);
}

TEST_F(CgroupTest, V2TakesTheTightestGroupUpToTheRoot) {
  Write("/a/cpu.max", "300000 100000\n");
  Write("/a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(Limit("0::/a/b\n"), 3);
  Write("/a/b/cpu.max", "150000 100000\n");
  EXPECT_EQ(Limit("0::/a/b\n"), 2);  // 1.5 rounds up
  Write("/a/b/cpu.max", "20000 100000\n");
  EXPECT_EQ(Limit("0::/a/b\n"), 1);
}

TEST_F(CgroupTest, V1IsMountedUnderAllNamesOfItsControllers) {
  Write("/cpu,cpuacct/box/cpu.cfs_quota_us", "250000\n");
  Write("/cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Limit("4:cpu,cpuacct:/box/inner\n"), 3);
}

// A container sees its own group as the root, and the path that it has outside.
TEST_F(CgroupTest, V1InAContainerReadsTheRoot) {
  Write("/cpu/cpu.cfs_quota_us", "140000\n");
  Write("/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Limit("4:cpu,cpuacct:/docker/0123\n"), 1);
}

TEST_F(CgroupTest, V1ReadsTheCpuController) {
  Write("/cpu/box/cpu.cfs_quota_us", "400000\n");
  Write("/cpu/box/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(Limit("5:memory:/x\n4:cpu,cpuacct:/box\n3:cpuset:/box\n"), 4);
  Write("/cpu/box/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(Limit("4:cpu,cpuacct:/box\n"), kNoLimit);
}

}  // namespace
}  // namespace retort

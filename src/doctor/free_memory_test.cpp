#include "doctor/free_memory.h"

#include <gtest/gtest.h>

#include "doctor/test_root.h"

namespace retort::doctor {
namespace {

constexpr char kMachine[] = "MemTotal:       8000 kB\nMemFree: 1 kB\nMemAvailable:   6000 kB\n";

TEST(FreeMemory, IsTheMachinesWithoutAGroup) {
  const TestRoot root;
  root.Write("/proc/meminfo", kMachine);
  const FreeMemory memory = ReadFreeMemory(SystemFiles(root.path()));
  EXPECT_EQ(memory.total_bytes, 8000 * 1024);
  EXPECT_EQ(memory.available_bytes, 6000 * 1024);
  EXPECT_EQ(memory.group, "");
}

TEST(FreeMemory, AGroupsPageCacheIsFree) {
  const TestRoot root;
  root.Write("/proc/meminfo", kMachine);
  root.Write("/proc/self/cgroup", "0::/a/b\n");
  root.Write("/sys/fs/cgroup/a/memory.max", "4096000\n");
  root.Write("/sys/fs/cgroup/a/memory.current", "3000000\n");
  root.Write("/sys/fs/cgroup/a/memory.stat", "anon 5\ninactive_file 1500000\nactive_file 500000\n");
  root.Write("/sys/fs/cgroup/a/b/memory.max", "max\n");
  const FreeMemory memory = ReadFreeMemory(SystemFiles(root.path()));
  EXPECT_EQ(memory.total_bytes, 4096000);
  EXPECT_EQ(memory.available_bytes, 3096000);
  EXPECT_EQ(memory.group, "/a");
}

TEST(FreeMemory, VersionOneHasOtherNames) {
  const TestRoot root;
  root.Write("/proc/meminfo", kMachine);
  // A container sees its own group as the root, and the path that it has outside.
  root.Write("/proc/self/cgroup", "9:memory:/docker/0123\n4:cpu:/docker/0123\n");
  root.Write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "2000000\n");
  root.Write("/sys/fs/cgroup/memory/memory.usage_in_bytes", "500000\n");
  const FreeMemory memory = ReadFreeMemory(SystemFiles(root.path()));
  EXPECT_EQ(memory.total_bytes, 2000000);
  EXPECT_EQ(memory.available_bytes, 1500000);
  EXPECT_EQ(memory.group, "/");
}

TEST(FreeMemory, UnknownIsNothing) {
  EXPECT_EQ(ReadFreeMemory(SystemFiles("/nowhere")).total_bytes, 0);
}

}  // namespace
}  // namespace retort::doctor

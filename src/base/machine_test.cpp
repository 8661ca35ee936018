#include "base/machine.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

constexpr char kX86[] =
    "processor\t: 0\nmodel\t\t: 167\nmodel name\t: Some CPU @ 2.60GHz\n"
    "flags\t\t: fpu avx2 fma avx512f avx512_vnni\n\nprocessor\t: 1\nmodel name\t: Other\n";

TEST(MachineTest, ReadsTheFirstProcessorsName) { EXPECT_EQ(CpuModel(kX86), "Some CPU @ 2.60GHz"); }

TEST(MachineTest, NamesOnlyWholeUnits) {
  EXPECT_EQ(CpuUnits(kX86), (std::vector<std::string>{"avx2", "fma", "avx512f", "avx512_vnni"}));
  EXPECT_TRUE(CpuUnits("flags : avx512_vnnix xavx2\n").empty());
}

TEST(MachineTest, ReadsArmBoards) {
  constexpr char kArm[] = "processor\t: 0\nFeatures\t: fp asimd asimddp\nModel\t\t: A Board 5\n";
  EXPECT_EQ(CpuModel(kArm), "A Board 5");
  EXPECT_EQ(CpuUnits(kArm), std::vector<std::string>{"asimddp"});
}

TEST(MachineTest, ReadsMemoryAndSystem) {
  EXPECT_EQ(MemoryBytes("MemTotal:       24680000 kB\nMemFree: 1 kB\n"), 24680000ll * 1024);
  EXPECT_EQ(OsName("NAME=\"X\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            "Debian GNU/Linux 12 (bookworm)");
}

TEST(MachineTest, UnknownStaysUnknown) {
  EXPECT_EQ(CpuModel(""), "unknown");
  EXPECT_EQ(CpuModel("model name\t:\n"), "unknown");
  EXPECT_EQ(MemoryBytes("MemTotal: many kB"), 0);
  EXPECT_EQ(OsName("PRETTY_NAME"), "unknown");
}

TEST(MachineTest, DescribesThisOne) {
  const Machine machine = DescribeMachine();
  EXPECT_GE(machine.usable_cores, 1);
  EXPECT_GE(machine.online_cores, machine.usable_cores);
  EXPECT_GT(machine.memory_bytes, 0);
}

}  // namespace
}  // namespace retort

#include "base/energy_meter.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class EnergyMeterTest : public testing::Test {
 protected:
  void Write(const std::string& zone, const std::string& file, const std::string& text) {
    std::filesystem::create_directories(root_ / zone);
    std::ofstream(root_ / zone / file) << text << "\n";
  }
  void AddZone(const std::string& zone, const std::string& energy_uj) {
    Write(zone, "energy_uj", energy_uj);
    Write(zone, "max_energy_range_uj", "262143328850");
  }

  TempDir folder_;
  const std::filesystem::path root_ = folder_.path();
};

TEST_F(EnergyMeterTest, AddsUpThePackagesAndNotTheirParts) {
  AddZone("intel-rapl:0", "5000000");
  AddZone("intel-rapl:1", "1000000");
  AddZone("intel-rapl:0:0", "3000000");
  EnergyMeter meter(root_);
  EXPECT_EQ(meter.Joules(), 0);
  AddZone("intel-rapl:0", "7500000");
  AddZone("intel-rapl:1", "1250000");
  AddZone("intel-rapl:0:0", "9000000");
  EXPECT_DOUBLE_EQ(meter.Joules().value(), 2.75);
}

TEST_F(EnergyMeterTest, ACounterMayBeginAnew) {
  AddZone("intel-rapl:0", "262143000000");
  EnergyMeter meter(root_);
  AddZone("intel-rapl:0", "671150");
  EXPECT_NEAR(meter.Joules().value(), 1.0, 1e-9);
}

TEST_F(EnergyMeterTest, SaysNothingWhereTheMachineDoesNot) {
  EXPECT_EQ(EnergyMeter(root_).Joules(), std::nullopt);
  EXPECT_EQ(EnergyMeter(root_ / "absent").Joules(), std::nullopt);
  AddZone("intel-rapl:0", "not a number");
  EXPECT_EQ(EnergyMeter(root_).Joules(), std::nullopt);
}

TEST_F(EnergyMeterTest, ACounterThatGoesAwayKeepsWhatItSaid) {
  AddZone("intel-rapl:0", "1000000");
  EnergyMeter meter(root_);
  AddZone("intel-rapl:0", "3000000");
  EXPECT_DOUBLE_EQ(meter.Joules().value(), 2);
  std::filesystem::remove_all(root_ / "intel-rapl:0");
  EXPECT_DOUBLE_EQ(meter.Joules().value(), 2);
}

}  // namespace
}  // namespace retort

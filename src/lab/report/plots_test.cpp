#include "lab/report/plots.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "lab/report/svg.h"
#include "lab/report/test_occurrences.h"

namespace retort {
namespace {

double Attribute(const std::string& svg, const std::string& pattern) {
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, std::regex(pattern))) << svg;
  return match.empty() ? 0 : std::stod(match[1]);
}

BarPlotSpec TwoBars(double first, double second) {
  return {
      .title = "Speed",
      .unit = "tokens/s",
      .log_note = "log",
      .groups =
          {{.label = "prompts",
            .values = {{.series = 0, .label = "A", .value = first, .interval = {}, .text = "first"},
                       {.series = 1,
                        .label = "B",
                        .value = second,
                        .interval = Interval{second * 0.9, second * 1.1},
                        .text = "second"}}}},
      .axis_end = {}};
}

DistributionPlotSpec OneRow(std::vector<double> samples) {
  DistributionPlotSpec spec;
  spec.title = "Speed";
  spec.unit = "tokens/s";
  spec.groups = {
      {.label = "prompts",
       .rows = {{.series = 0, .label = "A", .samples = std::move(samples), .text = ""}}}};
  return spec;
}

TEST(PlotTest, TicksAreRoundAndCoverTheValues) {
  EXPECT_EQ(LinearTicks(93), (std::vector<double>{0, 20, 40, 60, 80, 100}));
  EXPECT_EQ(LinearTicks(100), (std::vector<double>{0, 20, 40, 60, 80, 100}));
  EXPECT_EQ(LinearTicks(0), (std::vector<double>{0, 1}));
  for (const double greatest : {0.003, 0.7, 1.0, 4.9, 152.0, 98765.0}) {
    const auto ticks = LinearTicks(greatest);
    EXPECT_EQ(ticks.front(), 0);
    EXPECT_GE(ticks.back(), greatest * (1 - 1e-9));
    EXPECT_LE(ticks.size(), 12u);
  }
}

TEST(PlotTest, BarsStandInProportionFromZero) {
  const std::string svg = BarPlot(TwoBars(30, 60));
  const double a = Attribute(svg, "width=\"([0-9.]+)\"[^>]*series0");
  const double b = Attribute(svg, "width=\"([0-9.]+)\"[^>]*series1");
  EXPECT_NEAR(b / a, 2, 0.01);
  EXPECT_EQ(Occurrences(svg, "class=\"whisker\""), 3u);  // only one value has an interval
  EXPECT_EQ(Occurrences(svg, ">first<"), 1u);
}

TEST(PlotTest, MoreThanTenfoldIsLogarithmicAndHasNoBars) {
  const std::string svg = BarPlot(TwoBars(1, 60));
  EXPECT_EQ(Occurrences(svg, "<rect"), 0u);
  EXPECT_EQ(Occurrences(svg, "<circle"), 2u);
  EXPECT_EQ(Occurrences(svg, "tokens/s, log"), 1u);
  EXPECT_EQ(Occurrences(BarPlot(TwoBars(10, 60)), "<rect"), 2u);
  // A wide interval does not make it so.
  BarPlotSpec spec = TwoBars(10, 60);
  spec.groups[0].values[1].interval = Interval{1, 100};
  EXPECT_EQ(Occurrences(BarPlot(spec), "<rect"), 2u);
}

TEST(PlotTest, LabelsAreEscaped) {
  BarPlotSpec spec = TwoBars(1, 2);
  spec.title = "\"><script>";
  spec.groups[0].label = "<b>";
  const std::string svg = BarPlot(spec);
  EXPECT_EQ(Occurrences(svg, "<script>"), 0u);
  EXPECT_EQ(Occurrences(svg, "<b>"), 0u);
}

TEST(PlotTest, NothingMakesNoPlot) {
  EXPECT_EQ(BarPlot({}), "");
  EXPECT_EQ(PointPlot({}), "");
  EXPECT_EQ(DistributionPlot({}), "");
  EXPECT_EQ(DistributionPlot(OneRow({})), "");
}

PlotPoint Point(int series, double x, double y, bool on_front = true) {
  PlotPoint point;
  point.series = series;
  point.label = std::string(1, static_cast<char>('A' + series));
  point.x = x;
  point.y = y;
  point.on_front = on_front;
  return point;
}

PointPlotSpec ThreePoints() {
  PointPlotSpec spec;
  spec.title = "Quality against latency";
  spec.points = {Point(0, 5, 20), Point(1, 9, 80), Point(2, 9.5, 40, false)};
  spec.y_end = 100;
  return spec;
}

TEST(PlotTest, BetterPointsStandHigher) {
  const std::string svg = PointPlot(ThreePoints());
  EXPECT_LT(Attribute(svg, "cx=\"([0-9.]+)\"[^>]*series0"),
            Attribute(svg, "cx=\"([0-9.]+)\"[^>]*series1"));
  EXPECT_GT(Attribute(svg, "cy=\"([0-9.]+)\"[^>]*series0"),
            Attribute(svg, "cy=\"([0-9.]+)\"[^>]*series1"));
}

TEST(PlotTest, TheFrontStepsFromPointToPointPastBeatenOnes) {
  PointPlotSpec spec = ThreePoints();
  EXPECT_EQ(Occurrences(PointPlot(spec), "class=\"front\""), 0u);
  spec.front = true;
  const std::string svg = PointPlot(spec);
  EXPECT_EQ(Occurrences(svg, " hollow\""), 1u);
  const double x0 = Attribute(svg, "cx=\"([0-9.]+)\"[^>]*series0");
  const double y1 = Attribute(svg, "cy=\"([0-9.]+)\"[^>]*series1");
  // Up at the first point, up at the second, and no step for the third.
  EXPECT_NEAR(Attribute(svg, "class=\"front\" d=\"M([0-9.]+) "), x0, 0.11);
  EXPECT_NEAR(Attribute(svg, "class=\"front\" d=\"[^\"]*V([0-9.]+)H[0-9.]+\""), y1, 0.11);
  const std::string path = svg.substr(svg.find("class=\"front\""));
  EXPECT_EQ(Occurrences(path.substr(0, path.find("/>")), "V"), 2u);
}

TEST(PlotTest, LabelsOfNeighboursDoNotCoverEachOther) {
  PointPlotSpec spec = ThreePoints();
  spec.points = {Point(0, 5, 50), Point(1, 5.05, 51), Point(2, 5.1, 49)};
  const std::string svg = PointPlot(spec);
  std::set<std::string> places;
  const std::regex label("<text (x=\"[0-9.]+\" y=\"[0-9.]+\") class=\"point\"");
  for (std::sregex_iterator at(svg.begin(), svg.end(), label), end; at != end; ++at)
    places.insert((*at)[1]);
  EXPECT_EQ(places.size(), 3u);
}

TEST(PlotTest, ADistributionShowsEverySampleItsQuartilesAndMedian) {
  const std::string svg = DistributionPlot(OneRow({10, 20, 30, 40, 90}));
  EXPECT_EQ(Occurrences(svg, "h0"), 5u);
  EXPECT_EQ(Occurrences(svg, "class=\"box\""), 1u);
  const double median = Attribute(svg, "<line x1=\"([0-9.]+)\"[^>]*class=\"median\"");
  const double left = Attribute(svg, "class=\"box\" x=\"([0-9.]+)\"");
  const double width = Attribute(svg, "class=\"box\"[^>]*width=\"([0-9.]+)\"");
  // Quartiles 20 and 40 around the median 30, on a linear axis.
  EXPECT_NEAR(median - left, width / 2, 0.2);
  // So few have no box.
  EXPECT_EQ(Occurrences(DistributionPlot(OneRow({10, 20, 30})), "class=\"box\""), 0u);
}

TEST(PlotTest, LogarithmicTicksEncloseTheValues) {
  EXPECT_EQ(LogTicks(9, 95), (std::vector<double>{5, 10, 20, 50, 100}));
  EXPECT_EQ(LogTicks(1, 100), (std::vector<double>{1, 2, 5, 10, 20, 50, 100}));
  for (const auto& [least, greatest] : {std::pair{0.003, 7.0}, {1.0, 1e6}, {0.2, 2.1}}) {
    const auto ticks = LogTicks(least, greatest);
    EXPECT_LE(ticks.front(), least * 1.000001);
    EXPECT_GE(ticks.back(), greatest * 0.999999);
    EXPECT_LE(ticks.size(), 14u);
  }
}

}  // namespace
}  // namespace retort

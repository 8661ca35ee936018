#include "lab/report/plot_svg.h"

#include <gtest/gtest.h>

#include <regex>

namespace retort {
namespace {

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

double Attribute(const std::string& svg, const std::string& pattern) {
  std::smatch match;
  EXPECT_TRUE(std::regex_search(svg, match, std::regex(pattern))) << svg;
  return match.empty() ? 0 : std::stod(match[1]);
}

BarPlotSpec TwoBars(double first, double second) {
  return {
      .title = "Speed",
      .unit = "tokens/s",
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
  EXPECT_EQ(Count(svg, "class=\"whisker\""), 3u);  // only one value has an interval
  EXPECT_EQ(Count(svg, ">first<"), 1u);
}

TEST(PlotTest, MoreThanTenfoldIsLogarithmicAndHasNoBars) {
  const std::string svg = BarPlot(TwoBars(1, 60));
  EXPECT_EQ(Count(svg, "<rect"), 0u);
  EXPECT_EQ(Count(svg, "<circle"), 2u);
  EXPECT_EQ(Count(svg, "tokens/s, log"), 1u);
  EXPECT_EQ(Count(BarPlot(TwoBars(10, 60)), "<rect"), 2u);
  // A wide interval does not make it so.
  BarPlotSpec spec = TwoBars(10, 60);
  spec.groups[0].values[1].interval = Interval{1, 100};
  EXPECT_EQ(Count(BarPlot(spec), "<rect"), 2u);
}

TEST(PlotTest, LabelsAreEscaped) {
  BarPlotSpec spec = TwoBars(1, 2);
  spec.title = "\"><script>";
  spec.groups[0].label = "<b>";
  const std::string svg = BarPlot(spec);
  EXPECT_EQ(Count(svg, "<script>"), 0u);
  EXPECT_EQ(Count(svg, "<b>"), 0u);
}

TEST(PlotTest, NothingMakesNoPlot) {
  EXPECT_EQ(BarPlot({.title = "x", .unit = "s", .groups = {}, .axis_end = {}}), "");
  EXPECT_EQ(PointPlot({.title = "x", .x_label = "", .y_label = "", .points = {}, .y_end = {}}), "");
}

TEST(PlotTest, BetterPointsStandHigherAndFurtherRight) {
  const std::string svg = PointPlot(
      {.title = "Quality against speed",
       .x_label = "tokens/s",
       .y_label = "%",
       .points =
           {{.series = 0, .label = "A", .x = 50, .y = 20, .x_interval = {}, .y_interval = {}},
            {.series = 1, .label = "B", .x = 90, .y = 80, .x_interval = {}, .y_interval = {}}},
       .y_end = 100});
  EXPECT_LT(Attribute(svg, "cx=\"([0-9.]+)\"[^>]*series0"),
            Attribute(svg, "cx=\"([0-9.]+)\"[^>]*series1"));
  EXPECT_GT(Attribute(svg, "cy=\"([0-9.]+)\"[^>]*series0"),
            Attribute(svg, "cy=\"([0-9.]+)\"[^>]*series1"));
}

}  // namespace
}  // namespace retort

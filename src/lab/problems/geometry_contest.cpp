#include "lab/problems/geometry_contest.h"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <numeric>

namespace retort {
namespace {

// sqrt(n) as k * sqrt(m) with m free of squares.
ExactValue SquareRoot(int64_t n) {
  int64_t outside = 1;
  for (int64_t d = 2; d * d <= n; ++d) {
    while (n % (d * d) == 0) {
      n /= d * d;
      outside *= d;
    }
  }
  return {outside, 1, n, false};
}

ExactValue PiFraction(int64_t numerator, int64_t denominator) {
  ExactValue value = Fraction(numerator, denominator);
  value.times_pi = true;
  return value;
}

// A point as "(3, -2)".
std::string PointText(int64_t x, int64_t y) { return fmt::format("({}, {})", x, y); }

Draft CylinderOrCone(Draw& draw) {
  const int64_t r = draw.Int(2, 12);
  const int64_t h = draw.Int(2, 20);
  const bool cone = draw.Int(0, 1) == 1;
  if (cone) {
    return draw.Ask("cone volume",
                    {{"A cone has a base radius of {r} cm and a height of {h} cm. What is its "
                      "volume in cm³, in terms of π?",
                      "Find the exact volume (in cm³, in terms of π) of a cone with radius {r} cm "
                      "and height {h} cm."},
                     {"一个圆锥的底面半径是 {r} 厘米，高是 {h} "
                      "厘米，它的体积是多少立方厘米？结果保留 π。",
                      "求底面半径为 {r} 厘米、高为 {h} 厘米的圆锥的体积（立方厘米，结果用 π "
                      "表示）。"}},
                    {{"r", r}, {"h", h}}, NumberAnswer(PiFraction(r * r * h, 3)));
  }
  return draw.Ask(
      "cylinder volume",
      {{"A cylinder has a base radius of {r} cm and a height of {h} cm. What is its "
        "volume in cm³, in terms of π?",
        "Find the exact volume (in cm³, in terms of π) of a cylinder with radius {r} "
        "cm and height {h} cm."},
       {"一个圆柱的底面半径是 {r} 厘米，高是 {h} 厘米，它的体积是多少立方厘米？结果保留 "
        "π。",
        "求底面半径为 {r} 厘米、高为 {h} 厘米的圆柱的体积（立方厘米，结果用 π 表示）。"}},
      {{"r", r}, {"h", h}}, NumberAnswer(PiFraction(r * r * h, 1)));
}

Draft Ring(Draw& draw) {
  const int64_t inner = draw.Int(1, 20);
  const int64_t outer = inner + draw.Int(1, 15);
  return draw.Ask("ring area",
                  {{"Two circles have the same centre. Their radii are {a} cm and {b} cm. What is "
                    "the area of the ring between them in cm², in terms of π?",
                    "A circular pond has a radius of {a} m. A path around it reaches out to a "
                    "radius of {b} m. What is the area of the path in m², in terms of π?"},
                   {"两个同心圆的半径分别是 {a} 厘米和 {b} "
                    "厘米，它们之间的圆环面积是多少平方厘米？结果保留 π。",
                    "一个圆形水池的半径是 {a} 米，环绕水池的小路的外圆半径是 {b} "
                    "米，小路的面积是多少平方米？结果保留 π。"}},
                  {{"a", inner}, {"b", outer}},
                  NumberAnswer(PiFraction(outer * outer - inner * inner, 1)));
}

Draft Distance(Draw& draw) {
  const int64_t x = draw.Int(-9, 9);
  const int64_t y = draw.Int(-9, 9);
  const int64_t dx = draw.NonZero(12);
  const int64_t dy = draw.NonZero(12);
  return draw.Ask("distance",
                  {{"What is the distance between the points {p} and {q}? Give the exact answer.",
                    "Find the exact length of the segment from {p} to {q}."},
                   {"点 {p} 与点 {q} 之间的距离是多少？请写出精确值。",
                    "求从点 {p} 到点 {q} 的线段的长度（精确值）。"}},
                  {{"p", PointText(x, y)}, {"q", PointText(x + dx, y + dy)}},
                  NumberAnswer(SquareRoot(dx * dx + dy * dy)));
}

Draft PolygonAngles(Draw& draw) {
  const int64_t n = draw.Int(5, 30);
  if (draw.Int(0, 1) == 1) {
    return draw.Ask("polygon sides",
                    {{"The interior angles of a polygon add up to {s}°. How many sides does it "
                      "have?",
                      "A convex polygon has an interior angle sum of {s}°. Find its number of "
                      "sides."},
                     {"一个多边形的内角和是 {s}°，它有多少条边？",
                      "已知一个凸多边形的内角和为 {s}°，求它的边数。"}},
                    {{"s", 180 * (n - 2)}}, NumberAnswer({n}));
  }
  return draw.Ask("polygon diagonals",
                  {{"How many diagonals does a convex polygon with {n} sides have?",
                    "Find the number of diagonals of a convex {n}-sided polygon."},
                   {"一个凸 {n} 边形有多少条对角线？", "求凸 {n} 边形的对角线条数。"}},
                  {{"n", n}}, NumberAnswer({n * (n - 3) / 2}));
}

Draft Rhombus(Draw& draw) {
  static const std::vector<std::array<int64_t, 3>> triples = {
      {3, 4, 5}, {5, 12, 13}, {8, 15, 17}, {7, 24, 25}};
  const std::array<int64_t, 3> t = draw.Pick(triples);
  const int64_t k = draw.Int(1, t[2] < 10 ? 8 : 4);
  const size_t half = draw.Int(0, 1) == 1 ? 0 : 1;
  return draw.Ask(
      "rhombus area",
      {{"A rhombus has sides of {s} cm, and one of its diagonals is {d} cm long. What "
        "is its area in cm²?",
        "Find the area, in cm², of a rhombus with side {s} cm and one diagonal of {d} "
        "cm."},
       {"一个菱形的边长是 {s} 厘米，其中一条对角线长 {d} "
        "厘米，它的面积是多少平方厘米？",
        "已知菱形的边长为 {s} 厘米，一条对角线长为 {d} 厘米，求菱形的面积（平方厘米）。"}},
      {{"s", k * t[2]}, {"d", 2 * k * t[half]}}, NumberAnswer({2 * k * k * t[0] * t[1]}));
}

Draft SectorArea(Draw& draw) {
  static const std::vector<int64_t> angles = {30, 36, 40, 45, 60, 72, 90, 120, 135, 150, 240};
  const int64_t angle = draw.Pick(angles);
  const int64_t r = draw.Int(2, 18);
  return draw.Ask(
      "sector area",
      {{"A sector of a circle has a radius of {r} cm and a central angle of {a}°. What "
        "is its area in cm², in terms of π?",
        "Find the exact area (in cm², in terms of π) of a circular sector with radius "
        "{r} cm and angle {a}°."},
       {"一个扇形的半径是 {r} 厘米，圆心角是 {a}°，它的面积是多少平方厘米？结果保留 π。",
        "求半径为 {r} 厘米、圆心角为 {a}° 的扇形的面积（平方厘米，结果用 π 表示）。"}},
      {{"r", r}, {"a", angle}}, NumberAnswer(PiFraction(angle * r * r, 360)));
}

Draft TriangleFromPoints(Draw& draw) {
  const int64_t x = draw.Int(-6, 6);
  const int64_t y = draw.Int(-6, 6);
  int64_t twice = 0;
  std::array<int64_t, 4> side{};
  while (twice == 0) {
    for (int64_t& component : side) component = draw.NonZero(9);
    twice = std::abs(side[0] * side[3] - side[1] * side[2]);
  }
  return draw.Ask("triangle from points",
                  {{"What is the area of the triangle with vertices {p}, {q} and {r}?",
                    "Find the area of triangle ABC with A = {p}, B = {q} and C = {r}."},
                   {"顶点为 {p}、{q} 和 {r} 的三角形的面积是多少？",
                    "已知三角形 ABC 的顶点 A{p}、B{q}、C{r}，求三角形的面积。"}},
                  {{"p", PointText(x, y)},
                   {"q", PointText(x + side[0], y + side[1])},
                   {"r", PointText(x + side[2], y + side[3])}},
                  NumberAnswer(Fraction(twice, 2)));
}

Draft Heron(Draw& draw) {
  // Triangles with whole sides and area, made of two right triangles.
  static const std::vector<std::array<int64_t, 4>> triangles = {
      {13, 14, 15, 84},  {9, 10, 17, 36},   {7, 15, 20, 42},   {10, 13, 13, 60}, {12, 17, 25, 90},
      {13, 20, 21, 126}, {17, 25, 28, 210}, {11, 13, 20, 66},  {10, 17, 21, 84}, {15, 26, 37, 156},
      {25, 29, 36, 360}, {13, 37, 40, 240}, {17, 17, 30, 120}, {15, 41, 52, 234}};
  const std::array<int64_t, 4>& t = draw.Pick(triangles);
  const int64_t k = draw.Int(1, 12);
  return draw.Ask("triangle from sides",
                  {{"A triangle has sides of {a} cm, {b} cm and {c} cm. What is its area in cm²?",
                    "Find the area, in cm², of a triangle whose sides are {a} cm, {b} cm and {c} "
                    "cm long."},
                   {"一个三角形的三边长分别是 {a} 厘米、{b} 厘米和 {c} "
                    "厘米，它的面积是多少平方厘米？",
                    "已知三角形的三边长为 {a} 厘米、{b} 厘米、{c} 厘米，求它的面积（平方厘米）。"}},
                  {{"a", k * t[0]}, {"b", k * t[1]}, {"c", k * t[2]}},
                  NumberAnswer({k * k * t[3]}));
}

Draft Inradius(Draw& draw) {
  static const std::vector<std::array<int64_t, 3>> triples = {
      {3, 4, 5}, {5, 12, 13}, {8, 15, 17}, {7, 24, 25}, {20, 21, 29}, {9, 40, 41}, {12, 35, 37}};
  const std::array<int64_t, 3>& t = draw.Pick(triples);
  const int64_t k = draw.Int(1, 12);
  return draw.Ask("inradius",
                  {{"The legs of a right triangle are {a} cm and {b} cm long. What is the radius, "
                    "in cm, of its inscribed circle?",
                    "A circle touches all three sides of a right triangle with legs of {a} cm and "
                    "{b} cm. Find its radius in cm."},
                   {"直角三角形的两条直角边分别长 {a} 厘米和 {b} "
                    "厘米，它的内切圆的半径是多少厘米？",
                    "一个圆与直角三角形的三边都相切，两条直角边长分别为 {a} 厘米和 {b} "
                    "厘米，求这个圆的半径（厘米）。"}},
                  {{"a", k * t[0]}, {"b", k * t[1]}}, NumberAnswer({k * (t[0] + t[1] - t[2]) / 2}));
}

Draft Chord(Draw& draw) {
  const int64_t distance = draw.Int(1, 15);
  const int64_t half = draw.Int(2, 20);
  return draw.Ask(
      "chord",
      {{"A chord of a circle is {c} cm long. It is {d} cm away from the centre. What is the exact "
        "radius of the circle in cm?",
        "In a circle, a chord of length {c} cm lies at a distance of {d} cm from the centre. Find "
        "the radius exactly, in cm."},
       {"圆的一条弦长 {c} 厘米，圆心到这条弦的距离是 {d} 厘米，圆的半径是多少厘米？请写出精确值。",
        "已知圆中一条弦的长为 {c} 厘米，弦心距为 {d} 厘米，求圆的半径（厘米，精确值）。"}},
      {{"c", 2 * half}, {"d", distance}},
      NumberAnswer(SquareRoot(half * half + distance * distance)));
}

Draft SpaceDiagonal(Draw& draw) {
  const int64_t a = draw.Int(1, 12);
  const int64_t b = draw.Int(1, 12);
  const int64_t c = draw.Int(1, 12);
  return draw.Ask("space diagonal",
                  {{"A rectangular box is {a} cm long, {b} cm wide and {c} cm high. What is the "
                    "exact length of its space diagonal in cm?",
                    "Find the exact distance, in cm, between two opposite corners of a box of {a} "
                    "cm by {b} cm by {c} cm (through the inside)."},
                   {"一个长方体长 {a} 厘米，宽 {b} 厘米，高 {c} "
                    "厘米，它的体对角线长多少厘米？请写出精确值。",
                    "已知长方体的长、宽、高分别为 {a} 厘米、{b} 厘米、{c} "
                    "厘米，求体对角线的长（厘米，精确值）。"}},
                  {{"a", a}, {"b", b}, {"c", c}}, NumberAnswer(SquareRoot(a * a + b * b + c * c)));
}

Draft EquilateralArea(Draw& draw) {
  const int64_t p = 3 * draw.Int(1, 60);
  const int64_t side = p / 3;
  ExactValue area = Fraction(side * side, 4);
  area.radicand = 3;
  return draw.Ask("equilateral area",
                  {{"An equilateral triangle has a perimeter of {p} cm. What is its exact area in "
                    "cm²?",
                    "The perimeter of an equilateral triangle is {p} cm. Find its area exactly, in "
                    "cm²."},
                   {"一个等边三角形的周长是 {p} 厘米，它的面积是多少平方厘米？请写出精确值。",
                    "已知等边三角形的周长为 {p} 厘米，求它的面积（平方厘米，精确值）。"}},
                  {{"p", p}}, NumberAnswer(area));
}

Draft CircleCentre(Draw& draw) {
  const int64_t x = draw.NonZero(9);
  const int64_t y = draw.NonZero(9);
  const int64_t r = draw.Int(1, 12);
  const std::string equation =
      LinearText(
          {{1, "x^2"}, {1, "y^2"}, {-2 * x, "x"}, {-2 * y, "y"}, {x * x + y * y - r * r, ""}}) +
      " = 0";
  return draw.Ask("circle centre",
                  {{"What is the centre of the circle {e}? Give it as a point (a, b).",
                    "Find the centre (a, b) of the circle with equation {e}."},
                   {"圆 {e} 的圆心坐标是什么？请写成 (a, b) 的形式。",
                    "求方程 {e} 表示的圆的圆心坐标 (a, b)。"}},
                  {{"e", equation}}, PointAnswer({{x}, {y}}));
}

}  // namespace

std::span<const ProblemGenerator> GeometryContestGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 6> kSeveralSteps = {
      PolygonAngles, Distance, Ring, Rhombus, CylinderOrCone, SectorArea};
  static constexpr std::array<ProblemGenerator, 7> kContest = {
      TriangleFromPoints, Heron, Chord, CircleCentre, EquilateralArea, Inradius, SpaceDiagonal};
  if (level == 4) return kSeveralSteps;
  return kContest;
}

}  // namespace retort

// Geometry, levels 1 to 3: areas and perimeters, angles, circles, right and similar triangles.
#include <array>
#include <numeric>

#include "lab/problems/draw.h"
#include "lab/problems/geometry_contest.h"

namespace retort {
namespace {

ExactValue TimesPi(int64_t numerator) { return {numerator, 1, 1, true}; }

Draft RectangleArea(Draw& draw) {
  const int64_t a = draw.Int(3, 15);
  const int64_t b = draw.Int(2, 10);
  return draw.Ask("rectangle area",
                  {{"A rectangle is {a} cm long and {b} cm wide. What is its area in square "
                    "centimetres?",
                    "What is the area, in cm², of a rectangle with sides of {a} cm and {b} cm?",
                    "A garden is a rectangle of {a} m by {b} m. How many square metres is it?"},
                   {"一个长方形长 {a} 厘米，宽 {b} 厘米，它的面积是多少平方厘米？",
                    "长方形的两条邻边分别为 {a} 厘米和 {b} 厘米，求它的面积（平方厘米）。",
                    "一块长方形菜地长 {a} 米，宽 {b} 米，面积是多少平方米？"}},
                  {{"a", a}, {"b", b}}, NumberAnswer({a * b}));
}

Draft RegularPerimeter(Draw& draw) {
  struct Shape {
    const char* english;
    const char* chinese;
    int64_t sides;
  };
  static const std::vector<Shape> shapes = {{"a square", "正方形", 4},
                                            {"an equilateral triangle", "等边三角形", 3},
                                            {"a regular hexagon", "正六边形", 6},
                                            {"a regular pentagon", "正五边形", 5}};
  const Shape& shape = draw.Pick(shapes);
  const int64_t a = draw.Int(2, 25);
  const bool english = draw.language() == Language::kEnglish;
  return draw.Ask("regular perimeter",
                  {{"Each side of {shape} is {a} cm long. What is its perimeter in cm?",
                    "What is the perimeter, in cm, of {shape} with a side length of {a} cm?"},
                   {"{shape}的边长是 {a} 厘米，它的周长是多少厘米？",
                    "已知{shape}的边长为 {a} 厘米，求它的周长（厘米）。"}},
                  {{"shape", std::string(english ? shape.english : shape.chinese)}, {"a", a}},
                  NumberAnswer({shape.sides * a}));
}

Draft SideFromArea(Draw& draw) {
  const int64_t a = draw.Int(2, 12);
  const int64_t b = draw.Int(2, 12);
  return draw.Ask("side from area",
                  {{"A rectangle has an area of {s} cm² and a width of {a} cm. What is its length "
                    "in cm?",
                    "The area of a rectangle is {s} cm². One side is {a} cm long. How long, in cm, "
                    "is the other side?"},
                   {"一个长方形的面积是 {s} 平方厘米，宽是 {a} 厘米，长是多少厘米？",
                    "长方形的面积为 {s} 平方厘米，其中一边长 {a} 厘米，求另一边的长（厘米）。"}},
                  {{"s", a * b}, {"a", a}}, NumberAnswer({b}));
}

Draft AngleRest(Draw& draw) {
  const bool straight = draw.Int(0, 1) == 1;
  const int64_t whole = straight ? 180 : 90;
  const int64_t a = draw.Int(5, whole - 5);
  const bool english = draw.language() == Language::kEnglish;
  const std::string kind =
      straight ? (english ? "straight" : "平角") : (english ? "right" : "直角");
  return draw.Ask("angle rest",
                  {{"Two angles together form a {kind} angle ({w}°). One of them is {a}°. How many "
                    "degrees is the other?",
                    "A {kind} angle measures {w}°. It is split into two angles, one of {a}°. How "
                    "large is the other, in degrees?"},
                   {"两个角合起来是一个{kind}（{w}°），其中一个角是 {a}°，另一个角是多少度？",
                    "把一个{kind}（{w}°）分成两个角，其中一个角为 {a}°，求另一个角的度数。"}},
                  {{"kind", kind}, {"w", whole}, {"a", a}}, NumberAnswer({whole - a}));
}

Draft RectanglePerimeter(Draw& draw) {
  const int64_t a = draw.Int(5, 40);
  const int64_t b = draw.Int(2, a - 1);
  return draw.Ask("rectangle perimeter",
                  {{"A rectangle is {a} cm long and {b} cm wide. What is its perimeter in cm?",
                    "A fence goes once around a rectangular field of {a} m by {b} m. How many "
                    "metres long is the fence?"},
                   {"一个长方形长 {a} 厘米，宽 {b} 厘米，它的周长是多少厘米？",
                    "绕着长 {a} 米、宽 {b} 米的长方形操场走一圈，要走多少米？"}},
                  {{"a", a}, {"b", b}}, NumberAnswer({2 * (a + b)}));
}

Draft TriangleArea(Draw& draw) {
  const int64_t a = draw.Int(3, 25);
  const int64_t h = 2 * draw.Int(1, 12);
  return draw.Ask("triangle area",
                  {{"A triangle has a base of {a} cm and a height of {h} cm. What is its area in "
                    "cm²?",
                    "Find the area, in cm², of a triangle whose base is {a} cm and whose height is "
                    "{h} cm."},
                   {"一个三角形的底是 {a} 厘米，高是 {h} 厘米，它的面积是多少平方厘米？",
                    "已知三角形的底为 {a} 厘米，高为 {h} 厘米，求它的面积（平方厘米）。"}},
                  {{"a", a}, {"h", h}}, NumberAnswer({a * h / 2}));
}

Draft ThirdAngle(Draw& draw) {
  const int64_t a = draw.Int(20, 100);
  const int64_t b = draw.Int(15, 160 - a);
  return draw.Ask("third angle",
                  {{"Two angles of a triangle are {a}° and {b}°. How many degrees is the third "
                    "angle?",
                    "In triangle ABC, angle A is {a}° and angle B is {b}°. Find angle C in "
                    "degrees."},
                   {"三角形的两个内角分别是 {a}° 和 {b}°，第三个内角是多少度？",
                    "在三角形 ABC 中，∠A = {a}°，∠B = {b}°，求 ∠C 的度数。"}},
                  {{"a", a}, {"b", b}}, NumberAnswer({180 - a - b}));
}

Draft BoxVolume(Draw& draw) {
  const int64_t a = draw.Int(2, 12);
  const int64_t b = draw.Int(2, 10);
  const int64_t c = draw.Int(2, 10);
  return draw.Ask("box volume",
                  {{"A box is {a} cm long, {b} cm wide and {c} cm high. What is its volume in "
                    "cubic centimetres?",
                    "Find the volume, in cm³, of a rectangular box of {a} cm by {b} cm by {c} cm."},
                   {"一个长方体长 {a} 厘米，宽 {b} 厘米，高 {c} 厘米，它的体积是多少立方厘米？",
                    "已知长方体的长、宽、高分别为 {a} 厘米、{b} 厘米、{c} "
                    "厘米，求它的体积（立方厘米）。"}},
                  {{"a", a}, {"b", b}, {"c", c}}, NumberAnswer({a * b * c}));
}

Draft Pythagoras(Draw& draw) {
  static const std::vector<std::array<int64_t, 3>> triples = {
      {3, 4, 5}, {5, 12, 13}, {8, 15, 17}, {7, 24, 25}, {20, 21, 29}};
  std::array<int64_t, 3> t = draw.Pick(triples);
  const int64_t k = draw.Int(1, t[2] < 10 ? 12 : 5);
  if (draw.Int(0, 1) == 1) std::swap(t[0], t[1]);
  if (draw.Int(0, 1) == 1) {
    return draw.Ask(
        "hypotenuse",
        {{"The legs of a right triangle are {a} cm and {b} cm long. How long is the hypotenuse, in "
          "cm?",
          "A rectangle has sides of {a} cm and {b} cm. How long is its diagonal, in cm?"},
         {"直角三角形的两条直角边分别长 {a} 厘米和 {b} 厘米，斜边长多少厘米？",
          "长方形的两条邻边分别长 {a} 厘米和 {b} 厘米，求对角线的长（厘米）。"}},
        {{"a", k * t[0]}, {"b", k * t[1]}}, NumberAnswer({k * t[2]}));
  }
  return draw.Ask("leg",
                  {{"The hypotenuse of a right triangle is {c} cm long and one leg is {a} cm long. "
                    "How long is the other leg, in cm?",
                    "A ladder {c} m long leans against a wall. It reaches {a} m up the wall. How "
                    "many metres is its foot from the wall?"},
                   {"直角三角形的斜边长 {c} 厘米，一条直角边长 {a} 厘米，另一条直角边长多少厘米？",
                    "一架 {c} 米长的梯子斜靠在墙上，顶端离地 {a} 米，梯子底端离墙多少米？"}},
                  {{"c", k * t[2]}, {"a", k * t[0]}}, NumberAnswer({k * t[1]}));
}

Draft CircleInPi(Draw& draw) {
  const int64_t r = draw.Int(2, 40);
  if (draw.Int(0, 1) == 1) {
    return draw.Ask("circle area",
                    {{"A circle has a radius of {r} cm. What is its area in cm²? Give the exact "
                      "answer in terms of π.",
                      "Find the area of a circle of radius {r} cm in terms of π (in cm²)."},
                     {"一个圆的半径是 {r} 厘米，它的面积是多少平方厘米？结果保留 π。",
                      "求半径为 {r} 厘米的圆的面积（平方厘米，结果用 π 表示）。"}},
                    {{"r", r}}, NumberAnswer(TimesPi(r * r)));
  }
  return draw.Ask("circumference",
                  {{"A circle has a radius of {r} cm. What is its circumference in cm? Give the "
                    "exact answer in terms of π.",
                    "Find the circumference of a circle of radius {r} cm in terms of π (in cm)."},
                   {"一个圆的半径是 {r} 厘米，它的周长是多少厘米？结果保留 π。",
                    "求半径为 {r} 厘米的圆的周长（厘米，结果用 π 表示）。"}},
                  {{"r", r}}, NumberAnswer(TimesPi(2 * r)));
}

Draft CircleInDecimals(Draw& draw) {
  const int64_t r = draw.Int(2, 40);
  if (draw.Int(0, 1) == 1) {
    return draw.Ask("decimal circle area",
                    {{"A circle has a radius of {r} cm. Using π = 3.14, what is its area in cm²?",
                      "Find the area, in cm², of a circle of radius {r} cm. Take π as 3.14."},
                     {"一个圆的半径是 {r} 厘米，它的面积是多少平方厘米？（π 取 3.14）",
                      "求半径为 {r} 厘米的圆的面积（平方厘米，π 取 3.14）。"}},
                    {{"r", r}}, NumberAnswer(Fraction(314 * r * r, 100)));
  }
  return draw.Ask("decimal circumference",
                  {{"A circle has a radius of {r} cm. Using π = 3.14, what is its circumference in "
                    "cm?",
                    "Find the circumference, in cm, of a circle of radius {r} cm. Take π as 3.14."},
                   {"一个圆的半径是 {r} 厘米，它的周长是多少厘米？（π 取 3.14）",
                    "求半径为 {r} 厘米的圆的周长（厘米，π 取 3.14）。"}},
                  {{"r", r}}, NumberAnswer(Fraction(628 * r, 100)));
}

Draft Trapezoid(Draw& draw) {
  const int64_t a = draw.Int(3, 20);
  const int64_t b = draw.IntExcept(3, 20, a);
  const int64_t h = 2 * draw.Int(1, 10);
  return draw.Ask("trapezoid area",
                  {{"The parallel sides of a trapezoid are {a} cm and {b} cm long, and its height "
                    "is {h} cm. What is its area in cm²?",
                    "Find the area, in cm², of a trapezoid with parallel sides {a} cm and {b} cm "
                    "and height {h} cm."},
                   {"一个梯形的上底是 {a} 厘米，下底是 {b} 厘米，高是 {h} "
                    "厘米，它的面积是多少平方厘米？",
                    "已知梯形的两底分别为 {a} 厘米和 {b} 厘米，高为 {h} "
                    "厘米，求它的面积（平方厘米）。"}},
                  {{"a", a}, {"b", b}, {"h", h}}, NumberAnswer({(a + b) * h / 2}));
}

Draft SimilarTriangles(Draw& draw) {
  // Sides a and b of the small triangle; a * p / q is the matching side of the large one.
  const int64_t q = draw.Int(2, 5);
  int64_t p = draw.Int(q + 1, 9);
  while (std::gcd(p, q) != 1) p = draw.Int(q + 1, 9);
  const int64_t a = q * draw.Int(1, 5);
  const int64_t b = q * draw.IntExcept(2, 8, a / q);
  return draw.Ask(
      "similar side",
      {{"Triangles ABC and DEF are similar. AB = {a} cm corresponds to DE = {c} cm, and BC = {b} "
        "cm corresponds to EF. How long is EF, in cm?",
        "A stick {a} m tall casts a shadow of {c} m. At the same time a tree {b} m tall casts a "
        "shadow on level ground. How long is the shadow of the tree, in metres?"},
       {"三角形 ABC 与三角形 DEF 相似，AB 与 DE 是对应边，BC 与 EF 是对应边。已知 AB = {a} "
        "厘米，DE "
        "= {c} 厘米，BC = {b} 厘米，求 EF 的长（厘米）。",
        "一根 {a} 米高的竹竿在阳光下的影子长 {c} 米，同一时刻一棵 {b} "
        "米高的树的影子长多少米？"}},
      {{"a", a}, {"c", a * p / q}, {"b", b}}, NumberAnswer({b * p / q}));
}

}  // namespace

std::span<const ProblemGenerator> GeometryGenerators(int level) {
  static constexpr std::array<ProblemGenerator, 4> kOneOperation = {RectangleArea, RegularPerimeter,
                                                                    SideFromArea, AngleRest};
  static constexpr std::array<ProblemGenerator, 4> kTwoSteps = {RectanglePerimeter, TriangleArea,
                                                                ThirdAngle, BoxVolume};
  static constexpr std::array<ProblemGenerator, 5> kFormulas = {Pythagoras, CircleInPi, Trapezoid,
                                                                SimilarTriangles, CircleInDecimals};
  switch (level) {
    case 1:
      return kOneOperation;
    case 2:
      return kTwoSteps;
    case 3:
      return kFormulas;
    default:
      return GeometryContestGenerators(level);
  }
}

}  // namespace retort

#include "lab/problems/solvers.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace retort {
namespace {

using Numbers = std::vector<double>;

constexpr double kPi = std::numbers::pi;

// The smallest whole number from `low` on that satisfies the condition.
double First(int64_t low, const std::function<bool(int64_t)>& condition) {
  for (int64_t n = low; n < 1'000'000; ++n) {
    if (condition(n)) return static_cast<double>(n);
  }
  return NAN;
}

double Area(double ax, double ay, double bx, double by, double cx, double cy) {
  return std::abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
}

// Where an increasing function crosses zero.
double Crossing(double low, double high, const std::function<double(double)>& function) {
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (function(middle) > 0 ? high : low) = middle;
  }
  return (low + high) / 2;
}

int64_t Whole(double x) { return std::llround(x); }

int64_t PowerModulo(int64_t base, int64_t exponent, int64_t modulus) {
  int64_t result = 1 % modulus;
  for (int64_t square = base % modulus; exponent > 0;
       exponent /= 2, square = square * square % modulus) {
    if (exponent % 2 == 1) result = result * square % modulus;
  }
  return result;
}

}  // namespace

const std::map<std::string, Solver>& AlgebraSolvers() {
  static const std::map<std::string, Solver> solvers = {
      {"sum", [](const Numbers& n) { return n[0] + n[1]; }},
      {"difference", [](const Numbers& n) { return n[0] - n[1]; }},
      {"product",
       [](const Numbers& n) {
         double sum = 0;
         for (int i = 0; i < n[0]; ++i) sum += n[1];
         return sum;
       }},
      {"next term", [](const Numbers& n) { return 2 * n[3] - n[2]; }},
      {"nth term",
       [](const Numbers& n) {
         double term = n[0];
         for (int i = 1; i < n[3]; ++i) term += n[2] - n[1];
         return term;
       }},
      {"arithmetic sum",
       [](const Numbers& n) {
         double sum = 0;
         for (int i = 0; i < n[3]; ++i) sum += n[0] + i * (n[1] - n[0]);
         return sum;
       }},
      {"power remainder",
       [](const Numbers& n) {
         return static_cast<double>(PowerModulo(Whole(n[0]), Whole(n[1]), Whole(n[2])));
       }},
      {"chinese remainder",
       [](const Numbers& n) {
         return First(1, [&n](int64_t x) {
           return x % Whole(n[0]) == Whole(n[1]) && x % Whole(n[2]) == Whole(n[3]) &&
                  x % Whole(n[4]) == Whole(n[5]);
         });
       }},
      {"count multiples",
       [](const Numbers& n) {
         double count = 0;
         for (int64_t i = 1; i <= Whole(n[0]); ++i)
           count += i % Whole(n[1]) == 0 || i % Whole(n[2]) == 0;
         return count;
       }},
      {"count solutions",
       [](const Numbers& n) {
         double count = 0;
         for (int x = 1; x <= n[2]; ++x) {
           for (int y = 1; y <= n[2]; ++y) count += n[0] * x + n[1] * y == n[2];
         }
         return count;
       }},
      {"reversed digits",
       [](const Numbers& n) {
         return First(10, [&n](int64_t x) {
           return x / 10 + x % 10 == Whole(n[0]) && x % 10 * 10 + x / 10 == x + Whole(n[1]);
         });
       }},
      {"trailing zeros",
       [](const Numbers& n) {
         double fives = 0;
         for (int64_t i = 1; i <= Whole(n[0]); ++i) {
           for (int64_t rest = i; rest % 5 == 0; rest /= 5) ++fives;
         }
         return fives;
       }},
      {"sum and product",
       [](const Numbers& n) {
         const double root = std::sqrt(n[0] * n[0] / 4 - n[1]);
         return std::pow(n[0] / 2 + root, 4) + std::pow(n[0] / 2 - root, 4);
       }},
  };
  return solvers;
}

const std::map<std::string, Solver>& GeometrySolvers() {
  static const std::map<std::string, Solver> solvers = {
      {"rectangle area", [](const Numbers& n) { return 2 * Area(0, 0, n[0], 0, 0, n[1]); }},
      {"side from area", [](const Numbers& n) { return n[0] / n[1]; }},
      {"angle rest", [](const Numbers& n) { return n[0] - n[1]; }},
      {"rectangle perimeter", [](const Numbers& n) { return n[0] + n[1] + n[0] + n[1]; }},
      {"triangle area", [](const Numbers& n) { return Area(0, 0, n[0], 0, 1.5, n[1]); }},
      {"third angle", [](const Numbers& n) { return 180 - (n[0] + n[1]); }},
      {"box volume", [](const Numbers& n) { return n[0] * n[1] * n[2]; }},
      {"hypotenuse", [](const Numbers& n) { return std::hypot(n[0], n[1]); }},
      {"leg", [](const Numbers& n) { return n[0] * std::sin(std::acos(n[1] / n[0])); }},
      {"circle area", [](const Numbers& n) { return kPi * n[0] * n[0]; }},
      {"circumference", [](const Numbers& n) { return 2 * kPi * n[0]; }},
      {"decimal circle area", [](const Numbers& n) { return 3.14 * n[0] * n[0]; }},
      {"decimal circumference", [](const Numbers& n) { return 2 * 3.14 * n[0]; }},
      {"trapezoid area",
       [](const Numbers& n) {
         return Area(0, 0, n[0], 0, 0, n[2]) + Area(n[0], 0, n[1], n[2], 0, n[2]);
       }},
      {"similar side", [](const Numbers& n) { return n[2] / n[0] * n[1]; }},
      {"cone volume", [](const Numbers& n) { return kPi * n[0] * n[0] * n[1] / 3; }},
      {"cylinder volume", [](const Numbers& n) { return kPi * n[0] * n[0] * n[1]; }},
      {"ring area", [](const Numbers& n) { return kPi * (n[1] + n[0]) * (n[1] - n[0]); }},
      {"distance", [](const Numbers& n) { return std::hypot(n[0] - n[2], n[1] - n[3]); }},
      {"polygon sides",
       [](const Numbers& n) {
         return First(3, [&n](int64_t k) { return static_cast<double>(k) * 180 - 360 == n[0]; });
       }},
      {"polygon diagonals",
       [](const Numbers& n) {
         double count = 0;
         for (int i = 0; i < n[0]; ++i) {
           for (int j = i + 2; j < n[0]; ++j) count += i > 0 || j + 1 < n[0];
         }
         return count;
       }},
      {"rhombus area",
       [](const Numbers& n) {
         const double half = std::sqrt(n[0] * n[0] - n[1] * n[1] / 4);
         return 4 * Area(0, 0, n[1] / 2, 0, 0, half);
       }},
      {"sector area", [](const Numbers& n) { return n[1] / 360 * kPi * n[0] * n[0]; }},
      {"triangle from points",
       [](const Numbers& n) { return Area(n[0], n[1], n[2], n[3], n[4], n[5]); }},
      {"triangle from sides",
       [](const Numbers& n) {
         const double s = (n[0] + n[1] + n[2]) / 2;
         return std::sqrt(s * (s - n[0]) * (s - n[1]) * (s - n[2]));
       }},
      {"inradius",
       [](const Numbers& n) {
         return n[0] * n[1] / (n[0] + n[1] + std::hypot(n[0], n[1]));  // area / half perimeter
       }},
      {"chord", [](const Numbers& n) { return std::hypot(n[0] / 2, n[1]); }},
      {"space diagonal", [](const Numbers& n) { return std::hypot(n[0], n[1], n[2]); }},
      {"equilateral area",
       [](const Numbers& n) {
         return Area(0, 0, n[0] / 3, 0, n[0] / 6, n[0] / 3 * std::sin(kPi / 3));
       }},
  };
  return solvers;
}

const std::map<std::string, Solver>& WordSolvers() {
  static const std::map<std::string, Solver> solvers = {
      {"gets more", [](const Numbers& n) { return n[0] + n[1]; }},
      {"gives away", [](const Numbers& n) { return n[0] - n[1]; }},
      {"cost", [](const Numbers& n) { return n[0] * n[1]; }},
      {"share", [](const Numbers& n) { return n[0] / n[1]; }},
      {"change", [](const Numbers& n) { return n[2] - n[0] * n[1]; }},
      {"two purchases", [](const Numbers& n) { return n[0] * n[1] + n[2] * n[3]; }},
      {"saving", [](const Numbers& n) { return n[0] + n[1] * n[2]; }},
      {"times as many", [](const Numbers& n) { return n[0] + n[0] * n[1]; }},
      {"two prices",
       [](const Numbers& n) {
         return First(0, [&n](int64_t x) {
           const auto first = static_cast<double>(x);
           return first * n[2] + (n[1] - first) * n[3] == n[0];
         });
       }},
      {"heads and legs",
       [](const Numbers& n) {
         return First(0, [&n](int64_t x) { return static_cast<double>(2 * x) + 2 * n[0] == n[1]; });
       }},
      {"discount", [](const Numbers& n) { return n[0] - n[0] * n[1] / 100; }},
      {"sum and difference",
       [](const Numbers& n) {
         return First(0, [&n](int64_t x) { return static_cast<double>(2 * x) - n[1] == n[0]; });
       }},
      {"average speed",
       [](const Numbers& n) { return (n[0] * n[1] + n[2] * n[3]) / (n[1] + n[3]); }},
      {"work together",
       [](const Numbers& n) {
         return Crossing(0, 1000, [&n](double t) { return t / n[0] + t / n[1] - 1; });
       }},
      {"ages",
       [](const Numbers& n) {
         return First(0, [&n](int64_t x) {
           const auto child = static_cast<double>(x);
           return n[0] - child + n[1] == n[2] * (child + n[1]);
         });
       }},
      {"mixture", [](const Numbers& n) { return n[0] * n[1] / 100 + n[2] * n[3] / 100; }},
      {"meeting",
       [](const Numbers& n) {
         return Crossing(0, 1000, [&n](double t) { return n[1] * (n[2] + t) + n[3] * t - n[0]; });
       }},
      {"profit",
       [](const Numbers& n) { return n[0] * (1 + n[1] / 100) * (1 - n[2] / 100) - n[0]; }},
      {"missing score",
       [](const Numbers& n) {
         return Crossing(-1000, 10000,
                         [&n](double x) { return (n[0] * n[1] + x) / (n[0] + 1) - n[2]; });
       }},
      {"leaves early",
       [](const Numbers& n) {
         return Crossing(0, 1000, [&n](double t) { return n[2] / n[0] + (n[2] + t) / n[1] - 1; });
       }},
      {"stream", [](const Numbers& n) { return (n[0] / n[1] - n[0] / n[2]) / 2; }},
      {"count coins",
       [](const Numbers& n) {
         // The total, and the coins 1, 2 and 5 stand in the text.
         const double total = *std::max_element(n.begin(), n.end());
         double ways = 0;
         for (int fives = 0; 5 * fives <= total; ++fives) {
           for (int twos = 0; 5 * fives + 2 * twos <= total; ++twos) ++ways;
         }
         return ways;
       }},
      {"dilution",
       [](const Numbers& n) {
         return Crossing(0, 1e6, [&n](double x) { return n[2] * (n[0] + x) - n[1] * n[0]; });
       }},
      {"overtaking", [](const Numbers& n) { return n[0] * n[3] / (n[1] - n[2]); }},
      {"round trip", [](const Numbers& n) { return 2 / (1 / n[0] + 1 / n[1]); }},
      {"handshakes",
       [](const Numbers& n) {
         double count = 0;
         for (int i = 0; i < 2 * n[0]; ++i) {
           for (int j = i + 1; j < 2 * n[0]; ++j) count += i / 2 != j / 2;
         }
         return count;
       }},
  };
  return solvers;
}

}  // namespace retort

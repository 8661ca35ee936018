// What the problem generators share: seeded draws, texts in two languages, small formatting.
//
//   Draft Sum(Draw& draw) {
//     const int64_t a = draw.Int(2, 20);
//     const int64_t b = draw.Int(2, 20);
//     return draw.Ask("sum", {{"What is {a} + {b}?"}, {"计算：{a} + {b}"}}, {{"a", a}, {"b", b}},
//                     NumberAnswer({a + b}));
//   }
//
// Not thread-safe; one Draw for one problem.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/rng.h"
#include "lab/answer.h"
#include "lab/problems.h"

namespace retort {

// A problem before it has its place in a list.
struct Draft {
  std::string kind;
  std::string question;  // without the sentence on how to answer
  Answer answer;
};

// Several ways to say the same. Numbers stand in the same order in all of them, so that a test can
// read them back from the text.
struct Forms {
  std::vector<const char*> english;
  std::vector<const char*> chinese;
};

// What replaces "{name}" in a form.
struct Field {
  Field(const char* field_name, int64_t number) : name(field_name), text(std::to_string(number)) {}
  Field(const char* field_name, std::string words) : name(field_name), text(std::move(words)) {}
  std::string name;
  std::string text;
};

class Draw {
 public:
  Draw(uint64_t seed, Language language) : rng_(seed), language_(language) {}

  Language language() const { return language_; }
  int64_t Int(int64_t low, int64_t high) { return rng_.Int(low, high); }
  // In [-limit, limit] without 0.
  int64_t NonZero(int64_t limit);
  // In [low, high] and not `other`; low < high.
  int64_t IntExcept(int64_t low, int64_t high, int64_t other);
  template <typename T>
  const T& Pick(const std::vector<T>& values) {
    return values[static_cast<size_t>(rng_.Int(0, static_cast<int64_t>(values.size()) - 1))];
  }
  template <typename T, size_t kSize>
  const T& Pick(const std::array<T, kSize>& values) {
    return values[static_cast<size_t>(rng_.Int(0, static_cast<int64_t>(kSize) - 1))];
  }

  // A person, and another one.
  std::string Person();
  std::string OtherPerson(const std::string& person);
  // Things to count: "apples", or with its measure word "个苹果".
  std::string Things();

  Draft Ask(const char* kind, const Forms& forms, const std::vector<Field>& fields,
            const Answer& answer);

 private:
  Rng rng_;
  Language language_;
};

using ProblemGenerator = Draft (*)(Draw& draw);

// The generators of a level, kMinLevel..kMaxLevel, to be used in turn.
std::span<const ProblemGenerator> AlgebraGenerators(int level);
std::span<const ProblemGenerator> GeometryGenerators(int level);
std::span<const ProblemGenerator> WordGenerators(int level);

// "3x - y": a sum of coefficients times names; zero terms are left out, an empty name is a plain
// number.
std::string LinearText(const std::vector<std::pair<int64_t, std::string>>& terms);

int64_t Power(int64_t base, int64_t exponent);

}  // namespace retort

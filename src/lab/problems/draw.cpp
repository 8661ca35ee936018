#include "lab/problems/draw.h"

#include <cstdlib>

#include "base/error.h"

namespace retort {
namespace {

std::string Fill(std::string text, const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    const std::string key = "{" + field.name + "}";
    for (size_t at = text.find(key); at != std::string::npos;
         at = text.find(key, at + field.text.size())) {
      text.replace(at, key.size(), field.text);
    }
  }
  return text;
}

const std::vector<std::string>& People(Language language) {
  static const std::vector<std::string> english = {"Tom",  "Anna", "Ben",  "Lucy", "Sam", "Mia",
                                                   "Jack", "Emma", "Leo",  "Nina", "Max", "Rosa",
                                                   "Paul", "Ella", "Omar", "Lily"};
  static const std::vector<std::string> chinese = {"小明", "小红", "小华", "小丽", "小刚", "小芳",
                                                   "小军", "小雨", "小强", "小美", "李雷", "王芳"};
  return language == Language::kEnglish ? english : chinese;
}

}  // namespace

int64_t Draw::NonZero(int64_t limit) {
  const int64_t magnitude = Int(1, limit);
  return Int(0, 1) == 0 ? magnitude : -magnitude;
}

int64_t Draw::IntExcept(int64_t low, int64_t high, int64_t other) {
  int64_t value = Int(low, high);
  while (value == other) value = Int(low, high);
  return value;
}

std::string Draw::Person() { return Pick(People(language_)); }

std::string Draw::OtherPerson(const std::string& person) {
  std::string other = Person();
  while (other == person) other = Person();
  return other;
}

std::string Draw::Things() {
  static const std::vector<std::string> english = {"apples",  "pencils", "stickers", "marbles",
                                                   "oranges", "stamps",  "shells",   "books"};
  static const std::vector<std::string> chinese = {"个苹果", "支铅笔", "张贴纸", "颗弹珠",
                                                   "个橙子", "张邮票", "个贝壳", "本书"};
  return Pick(language_ == Language::kEnglish ? english : chinese);
}

Draft Draw::Ask(const char* kind, const Forms& forms, const std::vector<Field>& fields,
                const Answer& answer) {
  const char* form = Pick(language_ == Language::kEnglish ? forms.english : forms.chinese);
  return {kind, Fill(form, fields), answer};
}

std::string LinearText(const std::vector<std::pair<int64_t, std::string>>& terms) {
  std::string text;
  for (const auto& [coefficient, name] : terms) {
    if (coefficient == 0) continue;
    if (text.empty()) {
      if (coefficient < 0) text += "-";
    } else {
      text += coefficient < 0 ? " - " : " + ";
    }
    const int64_t magnitude = std::abs(coefficient);
    if (magnitude != 1 || name.empty()) text += std::to_string(magnitude);
    text += name;
  }
  return text.empty() ? "0" : text;
}

int64_t Power(int64_t base, int64_t exponent) {
  RETORT_CHECK(exponent >= 0);
  int64_t power = 1;
  for (int64_t i = 0; i < exponent; ++i) power *= base;
  return power;
}

}  // namespace retort

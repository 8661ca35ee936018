#include "grammar/json_text.h"

#include <array>
#include <nlohmann/json.hpp>

namespace retort {
namespace {

// Those that stand for themselves in a string.
const CodePoints& Plain() {
  static const CodePoints plain = {
      {0x20, '"' - 1}, {'"' + 1, '\\' - 1}, {'\\' + 1, 0xD7FF}, {0xE000, kMaxCodePoint}};
  return plain;
}

constexpr std::array<std::pair<uint32_t, const char*>, 7> kEscapes = {{{'"', "\\\""},
                                                                       {'\\', "\\\\"},
                                                                       {'\b', "\\b"},
                                                                       {'\f', "\\f"},
                                                                       {'\n', "\\n"},
                                                                       {'\r', "\\r"},
                                                                       {'\t', "\\t"}}};

bool Has(const CodePoints& chars, uint32_t c) { return !Intersection(chars, {{c, c}}).empty(); }

CodePoints HexDigits() { return {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}; }

}  // namespace

ExprId JsonText::Space() {
  if (!space_) {
    const ExprId indent = tree_.Repeat(tree_.Bytes(" "), 0, kMaxIndent);
    space_ = tree_.Optional(
        tree_.Choice({tree_.Bytes(" "), tree_.Sequence({tree_.Bytes("\n"), indent})}));
  }
  return *space_;
}

ExprId JsonText::InString(const CodePoints& chars) {
  std::vector<ExprId> ways;
  const CodePoints plain = Intersection(chars, Plain());
  if (!plain.empty()) ways.push_back(tree_.Chars(plain));
  for (const auto& [c, escaped] : kEscapes) {
    if (Has(chars, c)) ways.push_back(tree_.Bytes(escaped));
  }
  return tree_.Choice(std::move(ways));
}

ExprId JsonText::AnyInString() {
  if (any_in_string_) return *any_in_string_;
  const ExprId hex = tree_.Chars(HexDigits());
  const auto hexes = [&](int32_t n) { return tree_.Repeat(hex, n, n); };
  const auto one_of = [&](const char* chars) {
    CodePoints points;
    for (const char* c = chars; *c != '\0'; ++c) {
      points.push_back({static_cast<uint32_t>(*c), static_cast<uint32_t>(*c)});
    }
    return tree_.Chars(std::move(points));
  };
  const ExprId d = one_of("dD");
  const ExprId plain_unit = tree_.Sequence({one_of("0123456789abcefABCEF"), hexes(3)});
  const ExprId d_unit = tree_.Sequence({d, one_of("01234567"), hexes(2)});
  // A character beyond U+FFFF takes two escapes.
  const ExprId pair = tree_.Sequence(
      {d, one_of("89abAB"), hexes(2), tree_.Bytes("\\u"), d, one_of("cdefCDEF"), hexes(2)});
  const ExprId unicode =
      tree_.Sequence({tree_.Bytes("u"), tree_.Choice({plain_unit, d_unit, pair})});
  const ExprId escape =
      tree_.Sequence({tree_.Bytes("\\"), tree_.Choice({one_of("\"\\/bfnrt"), unicode})});
  any_in_string_ = tree_.Choice({tree_.Chars(Plain()), escape});
  return *any_in_string_;
}

ExprId JsonText::Quotes(ExprId inner) {
  return tree_.Sequence({tree_.Bytes("\""), inner, tree_.Bytes("\"")});
}

ExprId JsonText::String(int32_t min_length, int32_t max_length) {
  const auto [entry, is_new] = strings_.try_emplace({min_length, max_length}, 0);
  if (is_new) {
    entry->second = tree_.AddRule("string");
    const bool counted = min_length > 0 || max_length != kUnbounded;
    const ExprId each = counted ? InString({{0, kMaxCodePoint}}) : AnyInString();
    tree_.SetRule(entry->second, Quotes(tree_.Repeat(each, min_length, max_length)));
  }
  return tree_.Call(entry->second);
}

ExprId JsonText::Integer() {
  if (!integer_) {
    integer_ = tree_.AddRule("integer");
    const ExprId more = tree_.Repeat(tree_.Chars({{'0', '9'}}), 0, 17);
    const ExprId nonzero =
        tree_.Sequence({tree_.Optional(tree_.Bytes("-")), tree_.Chars({{'1', '9'}}), more});
    tree_.SetRule(*integer_, tree_.Choice({tree_.Bytes("0"), nonzero}));
  }
  return tree_.Call(*integer_);
}

ExprId JsonText::Number() {
  if (!number_) {
    number_ = tree_.AddRule("number");
    const ExprId digit = tree_.Chars({{'0', '9'}});
    const ExprId whole =
        tree_.Choice({tree_.Bytes("0"),
                      tree_.Sequence({tree_.Chars({{'1', '9'}}), tree_.Repeat(digit, 0, 15)})});
    const ExprId fraction =
        tree_.Optional(tree_.Sequence({tree_.Bytes("."), tree_.Repeat(digit, 1, 16)}));
    // Two digits: the greatest stays below the greatest double.
    const ExprId exponent = tree_.Optional(tree_.Sequence(
        {tree_.Chars({{'E', 'E'}, {'e', 'e'}}),
         tree_.Optional(tree_.Chars({{'+', '+'}, {'-', '-'}})), tree_.Repeat(digit, 1, 2)}));
    tree_.SetRule(*number_,
                  tree_.Sequence({tree_.Optional(tree_.Bytes("-")), whole, fraction, exponent}));
  }
  return tree_.Call(*number_);
}

ExprId JsonText::Literal(const nlohmann::ordered_json& value) {
  if (value.is_array()) {
    std::vector<ExprId> parts;
    for (const auto& item : value) {
      if (!parts.empty()) parts.push_back(Comma());
      parts.push_back(Literal(item));
    }
    return Braces("[", AllOf(std::move(parts)), "]");
  }
  if (value.is_object()) {
    std::vector<ExprId> parts;
    for (const auto& [key, member] : value.items()) {
      if (!parts.empty()) parts.push_back(Comma());
      parts.push_back(Member(Literal(key), Literal(member)));
    }
    return Braces("{", AllOf(std::move(parts)), "}");
  }
  return tree_.Bytes(value.dump());
}

ExprId JsonText::AnyValue() {
  if (!value_) {
    value_ = tree_.AddRule("value");
    const ExprId array = Braces("[", {List(tree_.Call(*value_)), /*none=*/true}, "]");
    tree_.SetRule(*value_,
                  tree_.Choice({AnyObject(), array, String(), Number(), Boolean(), Null()}));
  }
  return tree_.Call(*value_);
}

ExprId JsonText::AnyObject() {
  if (!object_) {
    object_ = tree_.AddRule("object");
    const ExprId member = Member(String(), AnyValue());
    tree_.SetRule(*object_, Braces("{", {List(member), /*none=*/true}, "}"));
  }
  return tree_.Call(*object_);
}

ExprId JsonText::Braces(const char* open, const Members& members, const char* close) {
  std::vector<ExprId> ways;
  if (members.some) ways.push_back(tree_.Sequence({*members.some, Space()}));
  if (members.none) ways.push_back(tree_.Bytes(""));
  return tree_.Sequence(
      {tree_.Bytes(open), Space(), tree_.Choice(std::move(ways)), tree_.Bytes(close)});
}

Members JsonText::AllOf(std::vector<ExprId> parts) {
  if (parts.empty()) return {.some = {}, .none = true};
  return {.some = tree_.Sequence(std::move(parts)), .none = false};
}

ExprId JsonText::List(ExprId item) {
  return tree_.Sequence({item, tree_.Repeat(tree_.Sequence({Comma(), item}), 0, kUnbounded)});
}

ExprId JsonText::Member(ExprId key, ExprId value) {
  return tree_.Sequence({key, tree_.Bytes(":"), OneSpace(), value});
}

}  // namespace retort

#include "api/field_reader.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

template <class Read>
std::string MessageOf(const char* object, Read read) {
  const Json json = Json::parse(object);
  return RefusalOf([&] {
           FieldReader fields(json, "");
           read(fields);
         })
      .message;
}

TEST(FieldReader, NullIsAbsent) {
  const Json json = Json::parse(R"({"a": null})");
  FieldReader fields(json, "");
  EXPECT_EQ(fields.Find("a"), nullptr);
  EXPECT_EQ(fields.Find("b"), nullptr);
  EXPECT_EQ(fields.Bool("a"), std::nullopt);
  EXPECT_EQ(fields.Text("a"), std::nullopt);
  EXPECT_EQ(fields.Array("a", 1), nullptr);
}

TEST(FieldReader, TakesWholeNumbersHoweverWritten) {
  const Json json = Json::parse(R"({"a": 5.0, "b": 1e3, "c": -7, "d": 5})");
  FieldReader fields(json, "");
  EXPECT_EQ(fields.Integer("a", 0, 10), 5);
  EXPECT_EQ(fields.Integer("b", 0, 1000), 1000);
  EXPECT_EQ(fields.Integer("c", -7, 0), -7);
  EXPECT_EQ(fields.Number("d"), 5.0);
}

TEST(FieldReader, RefusesNumbersThatAreNotInRange) {
  const auto integer = [](FieldReader& fields) { fields.Int32("a", 0, 20); };
  for (const char* json :
       {R"({"a": -1})", R"({"a": 21})", R"({"a": 1.5})", R"({"a": 18446744073709551615})",
        R"({"a": -9223372036854775808})", R"({"a": 1e300})", R"({"a": "5"})", R"({"a": true})",
        R"({"a": [1]})", R"({"a": {}})"})
    EXPECT_NE(MessageOf(json, integer), "") << json;
  EXPECT_EQ(MessageOf(R"({"a": 21})", integer), "a is 21; give a whole number from 0 to 20");
  const auto number = [](FieldReader& fields) {
    fields.Number("a", {.least = 0, .most = 1, .above_least = true});
  };
  EXPECT_EQ(MessageOf(R"({"a": 0})", number), "a is 0; give a number above 0 up to 1");
  EXPECT_EQ(MessageOf(R"({"a": "x"})", number), "a is 'x'; give a number above 0 up to 1");
  EXPECT_EQ(MessageOf(R"({"a": 1})", number), "");
}

TEST(FieldReader, DescribesRangesInWords) {
  const auto message = [](NumberRange range) {
    return MessageOf(R"({"a": "x"})", [&](FieldReader& fields) { fields.Number("a", range); });
  };
  EXPECT_EQ(message({}), "a is 'x'; give a number");
  EXPECT_EQ(message({.least = 0}), "a is 'x'; give a number of 0 or more");
  EXPECT_EQ(message({.least = 0, .above_least = true}), "a is 'x'; give a number above 0");
  EXPECT_EQ(message({.least = -2, .most = 2}), "a is 'x'; give a number from -2 to 2");
  EXPECT_EQ(message({.least = 0, .most = 1, .below_most = true}),
            "a is 'x'; give a number of 0 or more and below 1");
}

TEST(FieldReader, ShowsValuesShortly) {
  EXPECT_EQ(ShownValue(Json::parse("[1, 2]")), "an array of 2");
  EXPECT_EQ(ShownValue(Json::parse("{}")), "an object");
  EXPECT_EQ(ShownValue("abc"), "'abc'");
  EXPECT_LT(ShownValue(std::string(100'000, 'a')).size(), 100u);
  EXPECT_EQ(ShownValue("a\x1b[2J"), "'a\\x1b[2J'");
}

TEST(FieldReader, NamesTheWholePath) {
  const Json json = Json::parse(R"({"role": "cat"})");
  const Refusal refusal = RefusalOf([&] {
    FieldReader fields(json, "messages[2]");
    fields.OneOf("role", {"user", "tool"});
  });
  EXPECT_EQ(refusal.param, "messages[2].role");
  EXPECT_EQ(refusal.message, "messages[2].role is 'cat'; give one of user, tool");
}

TEST(FieldReader, TextsAreUtf8) {
  Json json;
  json["a"] = "caf\xC3";
  const Refusal refusal = RefusalOf([&] { FieldReader(json, "").Text("a"); });
  EXPECT_EQ(refusal.param, "a");
}

TEST(FieldReader, RefusesWhatIsNoObject) {
  for (const char* text : {"[]", "1", "\"x\"", "null", "true"}) {
    const Json json = Json::parse(text);
    EXPECT_NE(RefusalOf([&] { FieldReader(json, ""); }).message, "") << text;
  }
}

TEST(FieldReader, OnlyLetsNeutralValuesIn) {
  const auto only = [](FieldReader& fields) { fields.Only("a", 1, "leave it out"); };
  for (const char* json : {"{}", R"({"a": 1})", R"({"a": 1.0})", R"({"a": null})", R"({"a": []})"})
    EXPECT_EQ(MessageOf(json, only), "") << json;
  EXPECT_EQ(MessageOf(R"({"a": 2})", only), "a is 2; leave it out");
}

TEST(FieldReader, TellsOfWhatNobodyAskedFor) {
  const Json json = Json::parse(R"({"a": 1, "b": 2, "c\n": 3, "d": 4})");
  FieldReader fields(json, "x");
  fields.Find("a");
  fields.Ignore({"d"});
  std::vector<std::string> unknown;
  fields.ReportUnknown(&unknown);
  EXPECT_EQ(unknown, (std::vector<std::string>{"x.b", "x.c\\n"}));
}

TEST(FieldReader, TellsOfSoManyUnknownFieldsAndNoMore) {
  Json json = Json::object();
  for (int i = 0; i < 100; ++i) json[fmt::format("f{}", i)] = i;
  std::vector<std::string> unknown;
  FieldReader(json, "").ReportUnknown(&unknown);
  EXPECT_EQ(unknown.size(), FieldReader::kMaxUnknown);
}

}  // namespace
}  // namespace retort::api

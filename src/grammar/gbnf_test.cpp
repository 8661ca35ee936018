#include "grammar/gbnf.h"

#include <gtest/gtest.h>

#include "grammar/test_texts.h"
#include "tests/support/expect_error.h"

namespace retort {
namespace {

void ExpectGbnfTexts(std::string_view gbnf, const std::vector<std::string>& good,
                     const std::vector<std::string>& bad) {
  ExpectTexts(CompileAutomaton(ParseGbnf(gbnf, "test.gbnf")), gbnf, good, bad);
}

TEST(Gbnf, LiteralsAndTheirEscapes) {
  ExpectGbnfTexts("root ::= \"a\\n\\\"\\\\\\x41\\u00e9\\U0001F600\"", {"a\n\"\\A\u00e9\U0001F600"},
                  {"a", "a\n\"\\A\xe9"});
  ExpectGbnfTexts("root ::= \"\"", {""}, {"x"});
  ExpectGbnfTexts("root ::= \"思考\"", {"思考"}, {"思"});
}

TEST(Gbnf, ClassesRangesAndTheirComplements) {
  ExpectGbnfTexts("root ::= [a-cx]", {"a", "b", "c", "x"}, {"d", "", "ab"});
  ExpectGbnfTexts("root ::= [^a-c\\n]", {"d", "é", "思", "\U0001F600", "\r"}, {"a", "\n", "\xff"});
  ExpectGbnfTexts("root ::= [а-я]+", {"привет"}, {"Привет", "hi"});
  ExpectGbnfTexts("root ::= [a-]", {"a", "-"}, {"b"});
  ExpectGbnfTexts("root ::= [\\]\\-]", {"]", "-"}, {"\\"});
  ExpectGbnfTexts("root ::= .", {"\n", "é"}, {"", "\x80"});
}

TEST(Gbnf, GroupsAlternativesAndRepetitions) {
  ExpectGbnfTexts("root ::= (\"a\" | \"b\" \"c\")* \"d\"", {"d", "abcad"}, {"abd", "bc"});
  ExpectGbnfTexts("root ::= \"a\"?", {"", "a"}, {"aa"});
  ExpectGbnfTexts("root ::= \"a\"+", {"a", "aaa"}, {""});
  ExpectGbnfTexts("root ::= \"a\"{2}", {"aa"}, {"a", "aaa"});
  ExpectGbnfTexts("root ::= \"a\"{2,}", {"aa", "aaaaa"}, {"a"});
  ExpectGbnfTexts("root ::= \"a\"{ 1 , 3 }", {"a", "aaa"}, {"", "aaaa"});
  ExpectGbnfTexts("root ::= [0-9]{0,2} \"x\"", {"x", "12x"}, {"123x"});
  ExpectGbnfTexts("root ::= \"a\" | | \"b\"", {"a", "", "b"}, {"ab"});
}

TEST(Gbnf, RulesCommentsAndLines) {
  ExpectGbnfTexts(
      "# a comment\r\n"
      "root ::= item (\",\" item)* # and another\n"
      "\n"
      "item ::=\n"
      "  \"x\" |\n"
      "  [0-9]+\n"
      "  | (\n"
      "    \"(\" root  # recursion\n"
      "    \")\"\n"
      "  )\n",
      {"x", "1,x,23", "(x,(1))"}, {"", "x,", "(x", "()"});
}

TEST(Gbnf, RecursionAtTheEndAndInTheMiddle) {
  ExpectGbnfTexts("root ::= \"a\" root \"b\" | \"\"", {"", "ab", "aaabbb"}, {"aab", "abb", "ba"});
  ExpectGbnfTexts("root ::= \"a\" root | \"b\"", {"b", "aaab"}, {"a", "bb"});
  ExpectGbnfTexts("root ::= list\nlist ::= \"[\" (list (\",\" list)*)? \"]\"", {"[]", "[[],[[]]]"},
                  {"[,]", "[[]"});
}

TEST(Gbnf, LongRecursionAtTheEndTakesNoStack) {
  EXPECT_TRUE(Accepts("root ::= \"a\" root | \"b\"", std::string(100'000, 'a') + "b"));
}

TEST(Gbnf, NestingIsBoundedWhereItCouldNotEnd) {
  const Automaton automaton =
      CompileAutomaton(ParseGbnf("root ::= \"[\" root \"]\" | \"x\"", "test.gbnf"));
  const std::string deepest(kMaxStackDepth, '[');
  EXPECT_EQ(Read(automaton, deepest), Reading::kBegins);
  EXPECT_TRUE(Accepts(automaton, deepest + "x" + std::string(kMaxStackDepth, ']')));
  EXPECT_EQ(Read(automaton, deepest + "["), Reading::kNo);
}

TEST(Gbnf, WhatIsWrongIsNamedWithItsPlace) {
  const auto refuses = [](std::string_view text, const std::vector<std::string>& parts) {
    ExpectError(ErrorCode::kInvalidArgument, parts,
                [&] { CompileAutomaton(ParseGbnf(text, "my.gbnf")); });
  };
  refuses("root ::= \"a", {"my.gbnf", "line 1, column 12", "\" to end the literal"});
  refuses("root ::= [a", {"line 1, column 12", "] to end the class"});
  refuses("root ::= [a-", {"] to end the class"});
  refuses("root ::= []", {"class with a character"});
  refuses("root ::= [z-a]", {"column 11", "'z-a]'", "lower character"});
  refuses("root ::= \"\\q\"", {"escape", "'\\q"});
  refuses("root ::= \"\\u12\"", {"4 hexadecimal digits"});
  refuses("root ::= \"\\ud800\"", {"Unicode character"});
  refuses("root ::= \"\\", {"escape"});
  refuses("root ::= (\"a\"", {"the end", ")"});
  refuses("root ::= \"a\")", {"')'", "the end of the rule"});
  refuses("root ::= *", {"'*'", "a literal"});
  refuses("root ::= \"a\"{3,1}", {"at least 3"});
  refuses("root ::= \"a\"{10001}", {"at most 10000"});
  refuses("root ::= \"a\"{99999999999999999999}", {"at most 10000"});
  refuses("root ::= \"a\"{,3}", {"a number"});
  refuses("root = \"a\"", {"::="});
  refuses("::= \"a\"", {"the name of a rule"});
  refuses("a ::= \"a\"", {"no rule root"});
  refuses("", {"no rule root"});
  refuses("root ::= \"a\"\nroot ::= \"b\"", {"line 2", "defined before"});
  refuses("root ::= \"\xff\"", {"UTF-8"});
}

TEST(Gbnf, RulesThatCannotWorkAreNamed) {
  const auto refuses = [](ErrorCode code, std::string_view text,
                          const std::vector<std::string>& parts) {
    ExpectError(code, parts, [&] { CompileAutomaton(ParseGbnf(text, "my.gbnf")); });
  };
  refuses(ErrorCode::kNotFound, "root ::= thing", {"my.gbnf", "'thing'", "not defined"});
  refuses(ErrorCode::kInvalidArgument, "root ::= sum\nsum ::= sum \"+\" [0-9] | [0-9]",
          {"'sum'", "left-recursive"});
  refuses(ErrorCode::kInvalidArgument, "root ::= a\na ::= b? c\nb ::= \"x\"\nc ::= a \"y\" | \"z\"",
          {"left-recursive"});
  refuses(ErrorCode::kInvalidArgument, "root ::= root", {"'root'", "left-recursive"});
  refuses(ErrorCode::kInvalidArgument, "root ::= \"a\" root", {"'root'", "never ends"});
}

TEST(Gbnf, WhatIsTooLargeIsRefusedSoon) {
  const auto refuses = [](const std::string& text, const std::vector<std::string>& parts) {
    ExpectError(ErrorCode::kResourceExhausted, parts,
                [&] { CompileAutomaton(ParseGbnf(text, "my.gbnf")); });
  };
  refuses("root ::= ((\"a\"{1000}){1000}){1000}", {"'root'", "states"});
  refuses("root ::= (((\"\"){10000}){10000}){10000}", {"'root'", "states"});
  refuses("root ::= ([ab]* \"a\" [ab]{30})", {"'root'", "states"});
  refuses("root ::= " + std::string(100'000, '('), {"groups"});
  refuses("root ::= \"a\"" + std::string(100'000, '*'), {"deep"});
  refuses(std::string(kMaxGrammarBytes + 1, '#'), {"bytes"});
  // A chain of rules, each of which calls the next: no recursion of our own, whatever its length.
  std::string chain = "root ::= r0\n";
  for (int i = 0; i < 15'000; ++i) {
    chain += "r" + std::to_string(i) + " ::= \"x\" r" + std::to_string(i + 1) + " \"y\"\n";
  }
  ExpectError(ErrorCode::kInvalidArgument, {"'root'", "never ends"},
              [&] { CompileAutomaton(ParseGbnf(chain + "r15000 ::= \"z\"\n", "my.gbnf")); });
}

}  // namespace
}  // namespace retort

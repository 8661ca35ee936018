#include "text/chat_template.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.h"

namespace retort {
namespace {

using nlohmann::ordered_json;

std::string Render(const std::string& source,
                   const ordered_json& variables = ordered_json::object(),
                   RenderLimits limits = {}) {
  return ChatTemplate(source, "model.gguf", limits).Render(variables);
}

// "code: message" of the error, or what came out instead.
std::string ErrorOf(const std::string& source,
                    const ordered_json& variables = ordered_json::object(),
                    RenderLimits limits = {}) {
  try {
    return "rendered: " + Render(source, variables, limits);
  } catch (const Error& error) {
    return std::string(ErrorCodeName(error.code())) + ": " + error.what();
  }
}

std::string Repeated(const std::string& unit, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += unit;
  return text;
}

TEST(ChatTemplate, KeepsTheOrderOfKeys) {
  const auto variables = ordered_json::parse(R"({"tool": {"z": 1, "a": {"y": 2, "b": 3}}})");
  EXPECT_EQ(Render("{{ tool | tojson }}", variables), R"({"z": 1, "a": {"y": 2, "b": 3}})");
}

TEST(ChatTemplate, WhatLiesOutsideTheSubsetIsRefusedByNameAndLineBeforeRendering) {
  struct Case {
    const char *source, *construct;
  };
  const Case cases[] = {
      {"{% include 'x' %}", "the statement 'include'"},
      {"{% block b %}{% endblock %}", "the statement 'block'"},
      {"{% call m() %}{% endcall %}", "the statement 'call'"},
      {"{% filter upper %}{% endfilter %}", "the statement 'filter'"},
      {"{% with a = 1 %}{% endwith %}", "the statement 'with'"},
      {"{% raw %}{{ x }}{% endraw %}", "the statement 'raw'"},
      {"{% for x in l recursive %}{% endfor %}", "a recursive loop"},
      {"{% set x | upper %}{% endset %}", "a set block with a filter"},
      {"{{ x | groupby('a') }}", "the filter 'groupby'"},
      {"{{ x is escaped }}", "the test 'escaped'"},
      {"{{ x.format(1) }}", "the method 'format'"},
      {"{{ x.append(1) }}", "the method 'append'"},
      {"{{ x.__class__.mro() }}", "the method 'mro'"},
      {"{{ cycler(1) }}", "the name 'cycler'"},
      {"{{ f(*x) }}", "an argument with '*'"},
      {"{{ x[1, 2] }}", "a subscript of several values"},
      {"{{ 0x10 }}", "number '0x' is not decimal"},
      {"{{ 99999999999999999999 }}", "number '99999999999999999999'"},
  };
  for (const Case& c : cases) {
    const std::string message = ErrorOf("{% if false %}\n" + std::string(c.source) + "{% endif %}");
    EXPECT_TRUE(message.starts_with("unsupported: model.gguf: template line 2: ")) << message;
    EXPECT_NE(message.find(c.construct), std::string::npos) << message;
  }
}

TEST(ChatTemplate, WhatIsNoTemplateNamesTheLine) {
  EXPECT_EQ(ErrorOf("a\n{% if x %}\nb"),
            "corrupt: model.gguf: template line 3: expected 'endif', got the end of the template");
  EXPECT_EQ(ErrorOf("\n\n{{ 1 + }}"),
            "corrupt: model.gguf: template line 3: expected an expression, got '}}'");
  EXPECT_EQ(ErrorOf("{% break %}"),
            "corrupt: model.gguf: template line 1: 'break' and 'continue' need a loop around them");
}

TEST(ChatTemplate, ItsOwnRefusalIsToldWordForWord) {
  EXPECT_EQ(ErrorOf("{{ raise_exception('Roles must alternate!') }}"),
            "invalid_argument: Roles must alternate!");
}

TEST(ChatTemplate, PythonsInsidesAreOutOfReach) {
  EXPECT_EQ(Render("{{ ''.__class__ }}{{ x.__init__ }}", {{"x", {{"a", 1}}}}), "");
  EXPECT_EQ(ErrorOf("{{ ''.__class__.__mro__ }}"),
            "invalid_argument: model.gguf: template line 1: 'str object' has no attribute "
            "'__class__'");
}

TEST(ChatTemplate, TheClockCanBeSet) {
  const ChatTemplate chat("{{ strftime_now('%d %b %Y') }}", "t");
  std::tm now = {};
  now.tm_year = 124;
  now.tm_mon = 6;
  now.tm_mday = 26;
  EXPECT_EQ(chat.Render(ordered_json::object(), {.now = now}), "26 Jul 2024");
  EXPECT_EQ(chat.Render(ordered_json::object()).size(), 11u) << "the local time otherwise";
}

// Each of these would run for ever, fill the memory or overflow the stack.
TEST(ChatTemplate, HostileTemplatesMeetALimit) {
  const RenderLimits limits = {.max_steps = 100'000, .max_output_bytes = 1 << 20};
  const ordered_json none = ordered_json::object();
  const auto expect = [&](const std::string& source, const std::string& what) {
    const std::string message = ErrorOf(source, none, limits);
    EXPECT_NE(message.find(what), std::string::npos) << source.substr(0, 80) << "\n"
                                                     << message.substr(0, 200);
  };
  const std::string range = "{% for a in range(9999) %}";
  expect(range + range + range + "{% endfor %}{% endfor %}{% endfor %}", "too many steps");
  expect("{{ 'x' * 9999999 }}", "too much text");
  expect("{{ [1] * 9999999 }}", "too many steps");
  expect("{{ 'x' * 4611686018427387904 * 4 }}", "too much text");
  expect(
      "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
      "too much text");
  expect("{% set n = namespace(l=[]) %}{% for i in range(9999) %}{% set n.l = [n.l] %}{% endfor %}",
         "nest more than 100 deep");
  expect("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nest more than");
  expect("{% macro m(a=m()) %}{% endmacro %}{{ m() }}", "nest more than");
  expect("{{ " + Repeated("(", 100'000) + "1" + Repeated(")", 100'000) + " }}", "nested more than");
  expect("{{ " + Repeated("[", 100'000) + Repeated("]", 100'000) + " }}", "nested more than");
  expect("{{ " + Repeated("not ", 100'000) + "1 }}", "nested more than");
  expect("{{ " + Repeated("-", 100'000) + "1 }}", "nested more than");
  expect("{{ " + Repeated("1 + ", 100'000) + "1 }}", "in a row");
  expect("{{ x" + Repeated(".x", 100'000) + " }}", "in a row");
  expect("{{ x" + Repeated(" | trim", 100'000) + " }}", "in a row");
  expect("{{ 1" + Repeated(" if 1 else 1", 100'000) + " }}", "nested more than");
  expect(Repeated("{% if 1 %}", 100'000), "nested more than");
  expect("{% set " + Repeated("(", 100'000) + Repeated(")", 100'000) + " %}", "nested more than");
}

// A list that holds the one before it twice, sixty times over: small in memory, endless to walk.
TEST(ChatTemplate, ListsThatShareTheirPartsAreNotWalkedForEver) {
  const std::string list =
      "{% set n = namespace(l=[1], t=(1,)) %}{% for i in "
      "range(60) %}{% set n.l = [n.l, n.l] %}"
      "{% set n.t = (n.t, n.t) %}{% endfor %}";
  for (const char* walk : {"{{ n.l }}",
                           "{{ 'x' ~ n.l }}",
                           "{{ n.l | tojson }}",
                           "{{ {'a': n.l} | tojson }}",
                           "{{ n.l == n.l }}",
                           "{{ n.l < n.l }}",
                           "{{ n.l in [n.l] }}",
                           "{{ n.l is eq n.l }}",
                           "{{ n.l is sameas n.l }}",
                           "{{ [n.l, n.l] | unique | length }}",
                           "{{ n.l | join }}",
                           "{{ [n.l] | select('eq', n.l) | list | length }}",
                           "{{ n.l | string }}",
                           "{{ n.l.count(n.l) }}",
                           "{{ {1: 2}[n.t] }}",
                           "{{ {1: 2}.get(n.t) }}",
                           "{{ 's'[n.l] }}",
                           "{{ n.t in {n.t: 1} }}",
                           "{{ raise_exception(n.l) }}",
                           "{{ namespace({n.t: 1}) }}"}) {
    const std::string message = ErrorOf(list + walk);
    EXPECT_NE(message.find("too many steps"), std::string::npos) << walk << "\n"
                                                                 << message.substr(0, 200);
  }
  EXPECT_EQ(Render(list + "{{ n.l | length }}{{ n.l is string }}"), "2False");
}

TEST(ChatTemplate, SearchingLongTextIsPaidFor) {
  const std::string text = "{% set s = 'x' * 1000000 %}{% for i in range(9999) %}";
  for (const char* search :
       {"{% set b = 'y' in s %}", "{% set b = s.find('y') %}", "{% set b = s == s ~ '' %}",
        "{% set b = s | trim %}", "{% set b = s.startswith('y') %}", "{% set b = s[-1] %}"}) {
    const std::string message = ErrorOf(text + search + "{% endfor %}");
    EXPECT_TRUE(message.starts_with("resource_exhausted")) << search << "\n" << message;
  }
  EXPECT_NE(ErrorOf("{{ ([[1] * 99] * 99) | tojson(indent='x' * 9999) }}").find("too much text"),
            std::string::npos);
  EXPECT_NE(ErrorOf("{% for c in 'x' * 2000000 %}{% endfor %}").find("too many steps"),
            std::string::npos);
}

TEST(ChatTemplate, NamespacesThatHoldEachOtherAreFreed) {
  EXPECT_EQ(Render("{% set a = namespace() %}{% set b = namespace(a=a) %}{% set a.b = b %}"
                   "{% set a.a = [a] %}{{ a.b.a.b.a is defined }}"),
            "True");
}

TEST(ChatTemplate, DeepVariablesAreRefused) {
  ordered_json deep = 1;
  for (int i = 0; i < 300; ++i) deep = ordered_json::array({deep});
  EXPECT_EQ(ErrorOf("{{ x }}", {{"x", deep}}),
            "invalid_argument: model.gguf: template line 1: lists and dictionaries nest more than "
            "100 deep");
  EXPECT_EQ(ErrorOf("{{ x }}", {{"x", UINT64_MAX}}).substr(0, 11), "unsupported");
  EXPECT_EQ(ErrorOf("", 5).substr(0, 16), "invalid_argument");
}

TEST(ChatTemplate, OneTemplateServesManyThreads) {
  const ChatTemplate chat("{% for i in range(50) %}{{ x ~ i }},{% endfor %}", "t");
  std::vector<std::string> texts(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < texts.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) texts[t] = chat.Render({{"x", t}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t t = 0; t < texts.size(); ++t) EXPECT_EQ(texts[t], chat.Render({{"x", t}}));
}

}  // namespace
}  // namespace retort

#include "doctor/template_check.h"

#include <gtest/gtest.h>

#include <functional>

#include "doctor/test_findings.h"
#include "tests/support/byte_tokenizer.h"
#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

constexpr char kR1[] =
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}<|assistant|>"
    "{{ m['content'].split('</think>')[-1] }}<|end|>{% else %}<|user|>{{ m['content'] }}"
    "{% endif %}{% endfor %}{% if add_generation_prompt %}<|assistant|><think>\n{% endif %}";
constexpr char kChatMl[] =
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

GenerationDefaults Defaults(std::optional<double> temperature, std::optional<double> top_p) {
  GenerationDefaults defaults;
  defaults.temperature = temperature;
  defaults.top_p = top_p;
  return defaults;
}

GenerationDefaults Card() { return Defaults(0.6, 0.95); }

// The byte tokenizer with a token for the beginning, and changes to its description.
Tokenizer MakeTokenizer(const std::function<void(TokenizerSpec&)>& change = [](auto&) {}) {
  TokenizerSpec spec = MakeByteTokenizer().spec();
  spec.tokens.push_back("<|begin|>");
  spec.kinds.push_back(TokenKind::kControl);
  spec.bos = static_cast<int32_t>(spec.tokens.size() - 1);
  change(spec);
  return Tokenizer(std::move(spec));
}

Findings Check(const std::string& chat_template, const Tokenizer& tokenizer = MakeTokenizer(),
               const GenerationDefaults& defaults = Card(),
               const TemplateOptions& options = {.is_r1 = true}) {
  return CheckTemplate(GatherTemplate(tokenizer, chat_template, defaults, options));
}

std::string Without(std::string text, const std::string& part) {
  const size_t at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  return text.erase(at, part.size());
}

TEST(TemplateCheck, AGoodFileIsFine) {
  const Findings findings = Check(kR1);
  EXPECT_EQ(findings.size(), 7u);
  for (const Finding& finding : findings) {
    EXPECT_EQ(finding.severity, Severity::kOk) << finding.check << ": " << finding.what;
  }
  EXPECT_EQ(Find(findings, "end of turn").what, "an answer ends with '<|end|>', which stops");
}

TEST(TemplateCheck, ATemplateThatIsMissingOrFails) {
  EXPECT_EQ(Find(Check(""), "template").severity, Severity::kError);
  EXPECT_EQ(Find(Check("", MakeTokenizer(), {}, {}), "template").severity, Severity::kWarning);
  const Finding failing = Find(Check("{{ raise_exception('no plain questions') }}"), "template");
  EXPECT_EQ(failing.severity, Severity::kError);
  EXPECT_TRUE(Has(failing.what, "no plain questions")) << failing.what;
  EXPECT_EQ(Find(Check("{% for %}"), "template").severity, Severity::kError);
}

TEST(TemplateCheck, TheForcedThinkIsMissing) {
  const std::string unforced = Without(kR1, "<think>\n");
  const Finding finding = Find(Check(unforced), "thinking");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(Has(finding.what, "<|assistant|>' and not with <think>")) << finding.what;
  const TemplateOptions later = {.is_r1 = true, .opens_itself = true};
  EXPECT_EQ(Find(Check(unforced, MakeTokenizer(), Card(), later), "thinking").severity,
            Severity::kOk);
}

TEST(TemplateCheck, ChatMlIsNotR1s) {
  EXPECT_EQ(Find(Check(kChatMl), "template").severity, Severity::kError);
  EXPECT_TRUE(Has(Find(Check(kChatMl), "template").what, "ChatML"));
  EXPECT_EQ(Find(Check(kChatMl, MakeTokenizer(), {}, {}), "template").severity, Severity::kOk);
}

TEST(TemplateCheck, AnEndThatDoesNotStop) {
  const Tokenizer other = MakeTokenizer([](TokenizerSpec& spec) { spec.stop_ids = {*spec.bos}; });
  const Finding finding = Find(Check(kR1, other), "end of turn");
  EXPECT_EQ(finding.severity, Severity::kError);
  EXPECT_TRUE(Has(finding.what, "the file says that <|begin|> ends a turn")) << finding.what;
  EXPECT_TRUE(Has(finding.remedy, "--stop '<|end|>'")) << finding.remedy;
  GenerationDefaults defaults = Card();
  defaults.eos_ids = {kEndToken};
  EXPECT_EQ(Find(Check(kR1, other, defaults), "end of turn").severity, Severity::kOk)
      << "generation_config.json names it";
}

TEST(TemplateCheck, AnEndThatIsNoToken) {
  const Finding finding = Find(Check(kChatMl), "end of turn");
  EXPECT_EQ(finding.severity, Severity::kError);
  EXPECT_TRUE(Has(finding.what, "'<|im_end|>', which is no token")) << finding.what;
}

TEST(TemplateCheck, TheFirstTokenTwice) {
  const Tokenizer adding = MakeTokenizer([](TokenizerSpec& spec) { spec.add_bos = true; });
  EXPECT_EQ(Find(Check(kR1, adding), "first token").severity, Severity::kNote);
  const std::string twice = std::string("{{ bos_token }}") + kR1;
  EXPECT_EQ(Find(Check(twice), "first token").severity, Severity::kWarning);
  const std::string none = Without(kR1, "{{ bos_token }}");
  EXPECT_EQ(Find(Check(none), "first token").what, "the template does not write <|begin|>");
}

TEST(TemplateCheck, EarlierThoughtsAreKept) {
  const std::string verbatim = Without(kR1, ".split('</think>')[-1]");
  EXPECT_EQ(Find(Check(verbatim), "history").severity, Severity::kNote);
  std::string fields = kR1;
  fields.insert(fields.find("{{ m['content'].split"), "{{ m['reasoning_content'] }}");
  EXPECT_EQ(Find(Check(fields), "history").severity, Severity::kWarning);
}

TEST(TemplateCheck, SamplingOffTheCard) {
  const auto sampling = [](std::optional<double> temperature, std::optional<double> top_p) {
    return Find(Check(kR1, MakeTokenizer(), Defaults(temperature, top_p)), "sampling");
  };
  EXPECT_EQ(sampling(0.5, 0.95).severity, Severity::kOk);
  EXPECT_EQ(sampling(static_cast<double>(0.7f), static_cast<double>(0.95f)).severity,
            Severity::kOk);
  EXPECT_EQ(sampling(0, 0.95).severity, Severity::kWarning);
  EXPECT_TRUE(Has(sampling(0, 0.95).what, "repeat themselves"));
  EXPECT_TRUE(Has(sampling(0.6, 0.8).what, "top-p 0.8"));
  EXPECT_EQ(sampling(std::nullopt, std::nullopt).remedy, "--temperature 0.6 --top-p 0.95");
}

TEST(TemplateCheck, TagsThatAreSpelt) {
  const Tokenizer plain = MakeTokenizer([](TokenizerSpec& spec) {
    spec.kinds[kEndThinkToken] = TokenKind::kUnused;
    spec.tokens[kEndThinkToken] = "[PAD]";
  });
  const Finding finding = Find(Check(kR1, plain), "tokens");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_TRUE(Has(finding.what, "</think> by 8")) << finding.what;
}

TEST(TemplateCheck, OtherModelsAreNotHeldToR1sRules) {
  const Tokenizer tokenizer = MakeTokenizer();
  const Findings findings = Check(kChatMl, tokenizer, Defaults(1.0, std::nullopt), {});
  EXPECT_EQ(Find(findings, "sampling").what, "no such check");
  EXPECT_EQ(Find(findings, "tokens").what, "no such check");
}

}  // namespace
}  // namespace retort::doctor

#include "api/ollama.h"

#include "api/test_api.h"

namespace retort::api {
namespace {

GenerateRequest Chat(const std::string& members) {
  return ParseOllamaChat(Body(R"({"model": "r1", "messages": [{"role": "user", "content": "Hi"}])" +
                              std::string(members.empty() ? "" : ", ") + members + "}"),
                         {});
}

GenerateRequest Generate(const std::string& members) {
  return ParseOllamaGenerate(Body(R"({"model": "r1", )" + members + "}"), {});
}

TEST(ParseOllamaChat, StreamsUnlessToldNotTo) {
  EXPECT_TRUE(Chat("").stream);
  EXPECT_FALSE(Chat(R"("stream": false)").stream);
}

TEST(ParseOllamaChat, ReadsOptions) {
  const GenerateRequest request =
      Chat(R"("options": {"temperature": 0.7, "top_k": 40, "top_p": 0.9, "min_p": 0.1, "seed": 3,
               "stop": ["x"], "num_predict": 50, "repeat_penalty": 1.1, "presence_penalty": 1,
               "frequency_penalty": 0.5, "num_ctx": 8192, "num_gpu": 1, "mirostat": 0})");
  EXPECT_EQ(request.temperature, 0.7);
  EXPECT_EQ(request.top_k, 40);
  EXPECT_EQ(request.min_p, 0.1);
  EXPECT_EQ(request.seed, 3u);
  EXPECT_EQ(request.stop, std::vector<std::string>{"x"});
  EXPECT_EQ(request.max_tokens, 50);
  EXPECT_EQ(request.repetition_penalty, 1.1);
  EXPECT_EQ(request.warnings.size(), 1u);
  EXPECT_TRUE(request.unknown_fields.empty());
  EXPECT_EQ(Chat(R"("options": {"num_predict": -1})").max_tokens, std::nullopt);
  EXPECT_EQ(Chat(R"("options": {"num_predict": -2})").max_tokens, std::nullopt);
}

TEST(ParseOllamaChat, ReadsThink) {
  EXPECT_EQ(Chat("").thinking.enabled, std::nullopt);
  EXPECT_EQ(Chat(R"("think": true)").thinking.enabled, true);
  EXPECT_EQ(Chat(R"("think": "low")").thinking.budget, 1024);
  EXPECT_FALSE(Chat(R"("think": false)").include_reasoning);
}

TEST(ParseOllamaChat, ReadsFormats) {
  EXPECT_EQ(Chat(R"("format": "")").format.kind, OutputFormat::Kind::kText);
  EXPECT_EQ(Chat(R"("format": "json")").format.kind, OutputFormat::Kind::kJsonObject);
  EXPECT_EQ(Chat(R"("format": {"type": "object"})").format.kind, OutputFormat::Kind::kJsonSchema);
}

TEST(ParseOllamaChat, ReadsKeepAlive) {
  EXPECT_EQ(Chat(R"("keep_alive": "5m")").keep_alive_s, 300);
  EXPECT_EQ(Chat(R"("keep_alive": 30)").keep_alive_s, 30);
  EXPECT_EQ(Chat(R"("keep_alive": -1)").keep_alive_s, -1);
  EXPECT_EQ(Chat("").keep_alive_s, std::nullopt);
}

TEST(ParseOllamaChat, ReadsMessages) {
  const GenerateRequest request = ParseOllamaChat(Body(R"({"model": "r1", "messages": [
      {"role": "assistant", "content": "", "thinking": "hm",
       "tool_calls": [{"function": {"name": "f", "arguments": {"x": 1}}}]},
      {"role": "tool", "tool_name": "f", "content": "7"}]})"),
                                                  {});
  EXPECT_EQ(request.messages, Json::parse(R"([
      {"role": "assistant", "content": "", "reasoning_content": "hm",
       "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"x": 1}}}]},
      {"role": "tool", "content": "7", "name": "f"}])"));
}

TEST(ParseOllamaChat, WithoutMessagesItLoads) {
  const GenerateRequest request = ParseOllamaChat(Body(R"({"model": "r1", "keep_alive": 0})"), {});
  EXPECT_TRUE(WantsOnlyLoading(request));
  EXPECT_EQ(OllamaLoadJson(SomeHead(), request, true)["done_reason"], "unload");
  EXPECT_EQ(OllamaLoadJson(SomeHead(), {}, false)["done_reason"], "load");
  EXPECT_FALSE(WantsOnlyLoading(Chat("")));
}

TEST(ParseOllamaChat, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("stream": 1)", "stream"},
      {R"("options": [])", "options"},
      {R"("options": {"temperature": "hot"})", "options.temperature"},
      {R"("options": {"num_predict": 0})", "options.num_predict"},
      {R"("options": {"num_predict": -3})", "options.num_predict"},
      {R"("options": {"num_ctx": 0})", "options.num_ctx"},
      {R"("options": {"mirostat": 1})", "options.mirostat"},
      {R"("options": {"stop": [""]})", "options.stop"},
      {R"("think": "much")", "think"},
      {R"("think": 1)", "think"},
      {R"("format": "xml")", "format"},
      {R"("format": [])", "format"},
      {R"("keep_alive": "soon")", "keep_alive"},
      {R"("keep_alive": true)", "keep_alive"},
      {R"("tools": [{"type": "x"}])", "tools[0].type"},
  };
  for (const auto& [members, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = members] { Chat(m); }).param, param) << members;
  const auto messages = [](const char* text) {
    return RefusalOf([&] {
             ParseOllamaChat(Body(std::string(R"({"model": "r1", "messages": )") + text + "}"), {});
           })
        .param;
  };
  EXPECT_EQ(messages("5"), "messages");
  EXPECT_EQ(messages(R"([{"role": "cat", "content": ""}])"), "messages[0].role");
  EXPECT_EQ(messages(R"([{"role": "user"}])"), "messages[0].content");
  EXPECT_EQ(messages(R"([{"role": "user", "content": "", "images": ["x"]}])"),
            "messages[0].images");
  EXPECT_EQ(RefusalOf([] { ParseOllamaChat(Body("{}"), {}); }).param, "model");
}

TEST(ParseOllamaGenerate, MakesAChatOfAPrompt) {
  const GenerateRequest request = Generate(R"("prompt": "Hi", "system": "Be brief.")");
  EXPECT_EQ(request.messages, Json::parse(R"([{"role": "system", "content": "Be brief."},
                                              {"role": "user", "content": "Hi"}])"));
  const GenerateRequest raw = Generate(R"("prompt": "Hi", "raw": true)");
  EXPECT_EQ(raw.prompts.at(0).text, "Hi");
  EXPECT_TRUE(raw.messages.empty() && raw.raw);
  EXPECT_FALSE(raw.separate_reasoning);
  EXPECT_TRUE(WantsOnlyLoading(Generate(R"("prompt": "")")));
}

TEST(ParseOllamaGenerate, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("prompt": 5)", "prompt"},        {R"("template": "x")", "template"},
      {R"("suffix": "x")", "suffix"},      {R"("images": ["x"])", "images"},
      {R"("context": [1, 2])", "context"}, {R"("raw": 1)", "raw"},
      {R"("system": [])", "system"},
  };
  for (const auto& [members, param] : cases)
    EXPECT_EQ(RefusalOf([&, m = members] { Generate(m); }).param, param) << members;
}

TEST(OllamaWriter, WritesAWholeAnswer) {
  const auto writer = MakeOllamaChatWriter(SomeHead(), {});
  EXPECT_TRUE(writer->json_lines());
  EXPECT_EQ(writer->Whole({SomeOutcome()}), Json::parse(R"({"model": "r1",
      "created_at": "2026-01-01T00:00:00Z",
      "message": {"role": "assistant", "content": "It is 391.", "thinking": "17 * 23 = 391"},
      "done": true, "done_reason": "stop", "total_duration": 2000000000, "load_duration": 0,
      "prompt_eval_count": 9, "prompt_eval_duration": 500000000, "eval_count": 20,
      "eval_duration": 1500000000})"));
  const Json generated = MakeOllamaGenerateWriter(SomeHead(), {})->Whole({SomeOutcome()});
  EXPECT_EQ(generated["response"], "It is 391.");
  EXPECT_EQ(generated["thinking"], "17 * 23 = 391");
  EXPECT_FALSE(generated.contains("message"));
}

TEST(OllamaWriter, StreamsLines) {
  const auto writer = MakeOllamaChatWriter(SomeHead(), {});
  EXPECT_TRUE(writer->Begin().empty());
  EXPECT_EQ(DataOf(writer->Push({.reasoning = "hm"}).at(0))["message"],
            Json::parse(R"({"role": "assistant", "content": "", "thinking": "hm"})"));
  const Json call = DataOf(writer->Push({.calls = {SomeCall()}}).at(0));
  EXPECT_EQ(call["message"]["tool_calls"][0]["function"],
            Json::parse(R"({"name": "weather", "arguments": {"city": "Oslo"}})"));
  EXPECT_EQ(call["done"], false);
  EXPECT_TRUE(writer->Push({}).empty());
  Outcome outcome = SomeOutcome();
  outcome.choices[0].finish = Finish::kLoop;
  const Json end = DataOf(writer->End({outcome}).at(0));
  EXPECT_EQ(end["done_reason"], "length");
  EXPECT_EQ(end["message"]["content"], "");
  EXPECT_EQ(DataOf(writer->Break({.message = "no"}).at(0)), Json::parse(R"({"error": "no"})"));
}

TEST(OllamaWriter, HidesThinkingThatWasNotWanted) {
  const auto writer = MakeOllamaChatWriter(SomeHead(), {.include_reasoning = false});
  EXPECT_TRUE(writer->Push({.reasoning = "hm"}).empty());
  EXPECT_FALSE(writer->Whole({SomeOutcome()})["message"].contains("thinking"));
}

}  // namespace
}  // namespace retort::api

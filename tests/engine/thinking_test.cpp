// Recorded answers of reasoning models, replayed as logits through the whole engine: reasoning and
// answer come out byte for byte, streamed in pieces that are valid UTF-8, many at a time.
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/loop_guard.h"
#include "runtime/generation.h"
#include "runtime/scripted_model.h"
#include "tests/support/byte_tokenizer.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"
#include "text/test_data.h"
#include "text/utf8_stream.h"

namespace retort {
namespace {

struct Trace {
  std::string question;
  std::string response;  // from behind the open <think> of the prompt
};

// How a vocabulary writes the tags.
enum class Tags { kControl, kUserDefined, kBytes };

std::string PromptOf(const Trace& trace) {
  return "<|user|>" + trace.question + "<|assistant|><think>\n";
}

ThinkDelta SplitAtTag(const std::string& response) {
  const size_t tag = response.find("</think>");
  if (tag == std::string::npos) return {.reasoning = response, .answer = ""};
  return {.reasoning = response.substr(0, tag), .answer = response.substr(tag + 8)};
}

// Runs all traces together and compares each with its split.
void Replay(const std::vector<Trace>& traces, Tags tags, const SamplingParams& sampling) {
  const Tokenizer tokenizer =
      MakeByteTokenizer(tags == Tags::kControl ? TokenKind::kControl : TokenKind::kUserDefined);
  std::vector<Script> scripts;
  for (const Trace& trace : traces) {
    Script& script = scripts.emplace_back();
    script.prompt = tokenizer.Encode(PromptOf(trace));
    script.continuation = tokenizer.Encode(trace.response, {.parse_added = tags != Tags::kBytes});
    script.continuation.push_back(kEndToken);
  }
  // Room for about half of them at a time, so that some wait and some are preempted.
  ScriptedModel model(std::move(scripts), {.vocab_size = kByteVocabulary,
                                           .eos = kEndToken,
                                           .kv = {.block_size = 16, .num_blocks = 1500}});
  Engine engine(model, {.max_batch_tokens = 200, .max_running = 24});
  Generator generator(tokenizer, nullptr, engine);
  std::vector<std::unique_ptr<GenerationStream>> streams;
  for (const Trace& trace : traces) {
    streams.push_back(generator.Complete(
        PromptOf(trace),
        {.sampling = sampling, .max_tokens = 20000, .thinking = {.loop_guard = false}}));
  }
  for (size_t i = 0; i < traces.size(); ++i) {
    ThinkDelta shown;
    while (const auto piece = streams[i]->Next()) {
      ASSERT_EQ(Utf8Repair(piece->reasoning), piece->reasoning);
      ASSERT_EQ(Utf8Repair(piece->answer), piece->answer);
      shown.reasoning += piece->reasoning;
      shown.answer += piece->answer;
    }
    const ThinkDelta expected = SplitAtTag(traces[i].response);
    EXPECT_EQ(shown.reasoning, expected.reasoning) << traces[i].question;
    EXPECT_EQ(shown.answer, expected.answer) << traces[i].question;
    EXPECT_EQ(streams[i]->result().finish, FinishReason::kStop);
  }
  EXPECT_EQ(engine.Stats().free_blocks, engine.Stats().total_blocks);
}

// Thoughts that loop, each its own loop, and the answer that each gives when it is closed.
TEST(ThinkingGovernor, ClosesTheSameAloneAndAmongOthers) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  std::vector<Script> scripts;
  std::vector<std::string> thoughts;
  const auto prompt_of = [](size_t i) {
    return PromptOf({.question = std::to_string(i), .response = ""});
  };
  for (size_t i = 0; i < 20; ++i) {
    std::string thought(i, 'a');
    while (thought.size() < 1500)
      thought += "Wait, is it " + std::to_string(i * i) + "? 再检查一下。\n";
    const std::vector<int32_t> prompt = tokenizer.Encode(prompt_of(i));
    scripts.push_back({.prompt = prompt, .continuation = tokenizer.Encode(thought)});
    LoopGuard guard;
    size_t told = 0;
    while (!guard.Push(scripts.back().continuation[told++])) {
    }
    // Closed within a line mostly, but never within a character.
    while (Utf8Repair(thought.substr(0, told)) != thought.substr(0, told)) ++told;
    thought.resize(told);
    const bool at_line_end = thought.ends_with('\n');
    scripts.push_back({.prompt = prompt,
                       .continuation = tokenizer.Encode(thought + (at_line_end ? "" : "\n") +
                                                        "</think>\n\nIt is.<|end|>")});
    thoughts.push_back(thought + (at_line_end ? "" : "\n"));
  }
  // Room for about a third of them at a time.
  ScriptedModel model(std::move(scripts), {.vocab_size = kByteVocabulary,
                                           .eos = kEndToken,
                                           .kv = {.block_size = 16, .num_blocks = 160}});
  Engine engine(model, {.max_batch_tokens = 50, .max_running = 24});
  Generator generator(tokenizer, nullptr, engine);
  std::vector<std::unique_ptr<GenerationStream>> streams;
  for (size_t i = 0; i < thoughts.size(); ++i) {
    streams.push_back(generator.Complete(prompt_of(i), {.max_tokens = 2000}));
  }
  for (size_t i = 0; i < thoughts.size(); ++i) {
    while (streams[i]->Next()) {
    }
    const GenerationResult& result = streams[i]->result();
    EXPECT_EQ(result.reasoning, thoughts[i]);
    EXPECT_EQ(result.answer, "\n\nIt is.");
    EXPECT_EQ(result.thinking_end, ThinkingEnd::kLoop);
  }
  EXPECT_GT(engine.Stats().preemptions, 0);
  EXPECT_EQ(engine.Stats().free_blocks, engine.Stats().total_blocks);
}

class Thinking : public testing::TestWithParam<Tags> {};

TEST_P(Thinking, OwnTracesComeOutByteForByte) {
  const std::vector<Trace> traces = {
      {"plain", "3 sprints × 60 m = 180 m.\n</think>\n\nHe runs **180** m."},
      {"no thought", "</think>\n\nHi!"},
      {"blank thought", "\n\n</think>\n\nHi!"},
      {"never ends", "Wait, let me check that again. Wait, let me"},
      {"only thinks", "Hm.</think>"},
      {"almost tags", "if a < b </thin </ think> <</think>x </think> y <think> z </thin"},
      {"Chinese", "嗯，用户问的是 1+1。\n</think>\n\n答案是 **2**。😀"},
      {"long", std::string(3000, 'a') + "</think>" + std::string(3000, 'b')},
  };
  Replay(traces, GetParam(), {});
  Replay(traces, GetParam(), {.temperature = 0.6, .top_p = 0.95, .seed = 7});
}

// A part of the real traces for each form; all of them take minutes at a byte a token.
TEST_P(Thinking, RealTracesComeOutByteForByte) {
  const std::string path = SharedData("data/traces/r1_distill_32b_traces.jsonl.gz");
  if (path.empty()) GTEST_SKIP() << kNoSharedData;
  const std::string json_lines = ReadGz(path);
  std::vector<Trace> traces;
  size_t number = 0;
  for (const std::string& line : SplitLines(json_lines)) {
    if (number++ % 24 != static_cast<size_t>(GetParam())) continue;
    const auto record = nlohmann::json::parse(line);
    Trace trace{.question = record.at("id"), .response = record.at("response")};
    if (trace.response.size() > 6000) continue;
    traces.push_back(std::move(trace));
  }
  ASSERT_GT(traces.size(), 10u);
  Replay(traces, GetParam(), {.temperature = 0.6, .top_p = 0.95});
}

INSTANTIATE_TEST_SUITE_P(TagForms, Thinking,
                         testing::Values(Tags::kControl, Tags::kUserDefined, Tags::kBytes),
                         [](const auto& param_info) -> std::string {
                           switch (param_info.param) {
                             case Tags::kControl:
                               return "ControlTokens";
                             case Tags::kUserDefined:
                               return "UserDefinedTokens";
                             default:
                               return "PlainBytes";
                           }
                         });

}  // namespace
}  // namespace retort

// For each interface: what a stream says, joined, is what a whole answer says, however the text and
// the calls come in pieces.
#include <functional>
#include <map>

#include "api/anthropic_messages.h"
#include "api/ollama.h"
#include "api/openai_chat.h"
#include "api/openai_completions.h"
#include "api/openai_responses.h"
#include "api/test_api.h"
#include "base/rng.h"

namespace retort::api {
namespace {

// What a client has of a choice in the end.
struct Said {
  std::string reasoning, text, calls;
  bool operator==(const Said&) const = default;
};
using Saids = std::map<int, Said>;

void PrintTo(const Said& said, std::ostream* out) {
  *out << said.reasoning << "|" << said.text << "|" << said.calls;
}

struct Interface {
  const char* name;
  int32_t choices;
  std::function<std::unique_ptr<ReplyWriter>(const GenerateRequest&)> writer;
  void (*read_event)(const Json& data, Saids* saids);
  Saids (*read_whole)(const Json& body);
};

std::string TextOf(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? "" : found->get<std::string>();
}

void AddMessage(const Json& message, Said* said) {
  EXPECT_EQ(TextOf(message, "reasoning"), TextOf(message, "reasoning_content"));
  said->reasoning += TextOf(message, "reasoning");
  said->text += TextOf(message, "content");
  if (!message.contains("tool_calls")) return;
  for (const Json& call : message["tool_calls"])
    said->calls += call["id"].get<std::string>() + TextOf(call["function"], "arguments");
}

void ReadChat(const Json& data, Saids* saids) {
  for (const Json& choice : data["choices"])
    AddMessage(choice["delta"], &(*saids)[choice["index"].get<int>()]);
}

Saids WholeChat(const Json& body) {
  Saids saids;
  for (const Json& choice : body["choices"])
    AddMessage(choice["message"], &saids[choice["index"].get<int>()]);
  return saids;
}

void ReadCompletion(const Json& data, Saids* saids) {
  for (const Json& choice : data["choices"])
    (*saids)[choice["index"].get<int>()].text += TextOf(choice, "text");
}

Saids WholeCompletion(const Json& body) {
  Saids saids;
  ReadCompletion(body, &saids);
  return saids;
}

void ReadAnthropic(const Json& data, Saids* saids) {
  if (data["type"] == "content_block_start") {
    const Json& block = data["content_block"];
    if (block["type"] == "tool_use") (*saids)[0].calls += TextOf(block, "id");
  } else if (data["type"] == "content_block_delta") {
    (*saids)[0].reasoning += TextOf(data["delta"], "thinking");
    (*saids)[0].text += TextOf(data["delta"], "text");
    (*saids)[0].calls += TextOf(data["delta"], "partial_json");
  }
}

Saids WholeAnthropic(const Json& body) {
  Said said;
  for (const Json& block : body["content"]) {
    said.reasoning += TextOf(block, "thinking");
    said.text += TextOf(block, "text");
    if (block["type"] == "tool_use") said.calls += TextOf(block, "id") + block["input"].dump();
  }
  return {{0, said}};
}

void ReadOllama(const Json& data, Saids* saids) {
  Said& said = (*saids)[0];
  const Json& message = data.contains("message") ? data["message"] : data;
  said.reasoning += TextOf(message, "thinking");
  said.text += TextOf(message, data.contains("message") ? "content" : "response");
  if (!message.contains("tool_calls")) return;
  for (const Json& call : message["tool_calls"])
    said.calls += TextOf(call, "id") + call["function"]["arguments"].dump();
}

Saids WholeOllama(const Json& body) {
  Saids saids;
  ReadOllama(body, &saids);
  return saids;
}

Saids WholeResponses(const Json& body) {
  Said said;
  for (const Json& item : body["output"]) {
    if (item["type"] == "reasoning") said.reasoning += TextOf(item["content"][0], "text");
    if (item["type"] == "message") said.text += TextOf(item["content"][0], "text");
    if (item["type"] == "function_call")
      said.calls += TextOf(item, "call_id") + TextOf(item, "arguments");
  }
  return {{0, said}};
}

void ReadResponses(const Json& data, Saids* saids) {
  const std::string type = data["type"].get<std::string>();
  Said& said = (*saids)[0];
  if (type == "response.reasoning_text.delta") said.reasoning += TextOf(data, "delta");
  if (type == "response.output_text.delta") said.text += TextOf(data, "delta");
  if (type == "response.output_item.added" && data["item"]["type"] == "function_call")
    said.calls += TextOf(data["item"], "call_id");
  if (type == "response.function_call_arguments.delta") said.calls += TextOf(data, "delta");
  // What the last event repeats is the same.
  if (type == "response.completed") {
    EXPECT_EQ(WholeResponses(data["response"]), (Saids{{0, said}}));
  }
}

template <auto kMake>
std::unique_ptr<ReplyWriter> Make(const GenerateRequest& request) {
  return kMake(SomeHead(), request);
}

const std::vector<Interface>& Interfaces() {
  static const std::vector<Interface> interfaces = {
      {"chat", 3, Make<MakeChatCompletionWriter>, ReadChat, WholeChat},
      {"completions", 3, Make<MakeCompletionWriter>, ReadCompletion, WholeCompletion},
      {"responses", 1, Make<MakeResponsesWriter>, ReadResponses, WholeResponses},
      {"anthropic", 1, Make<MakeAnthropicWriter>, ReadAnthropic, WholeAnthropic},
      {"ollama chat", 1, Make<MakeOllamaChatWriter>, ReadOllama, WholeOllama},
      {"ollama generate", 1, Make<MakeOllamaGenerateWriter>, ReadOllama, WholeOllama},
  };
  return interfaces;
}

std::string RandomText(Rng& rng) {
  constexpr const char* kParts[] = {"a",  "\n", "\xC3\xA9",         "\"",
                                    "\\", "</", "\xF0\x9F\x98\x80", " "};
  std::string text;
  for (int64_t parts = rng.Int(0, 12); parts > 0; --parts) text += kParts[rng.Int(0, 7)];
  return text;
}

// An answer, and the pieces in which it comes.
struct Answer {
  Outcome outcome;
  std::vector<Piece> pieces;
};

void AddPieces(const std::string& text, std::string Piece::*member, int32_t choice, Rng& rng,
               std::vector<Piece>* pieces) {
  for (size_t at = 0; at < text.size();) {
    size_t end = at + static_cast<size_t>(rng.Int(1, 4));
    while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) ++end;
    pieces->push_back({.choice = choice});
    pieces->back().*member = text.substr(at, end - at);
    at = end;
  }
}

Answer RandomAnswer(int32_t choices, bool raw, Rng& rng) {
  Answer answer;
  for (int32_t choice = 0; choice < choices; ++choice) {
    ChoiceOutcome outcome = {.reasoning = raw ? "" : RandomText(rng), .text = RandomText(rng)};
    AddPieces(outcome.reasoning, &Piece::reasoning, choice, rng, &answer.pieces);
    AddPieces(outcome.text, &Piece::text, choice, rng, &answer.pieces);
    for (int64_t calls = raw ? 0 : rng.Int(0, 2); calls > 0; --calls) {
      outcome.calls.push_back(SomeCall());
      outcome.calls.back().id = fmt::format("call_{}", calls);
      answer.pieces.push_back({.choice = choice, .calls = {outcome.calls.back()}});
    }
    answer.outcome.choices.push_back(std::move(outcome));
  }
  return answer;
}

Saids StreamOf(const Interface& interface, const GenerateRequest& request, const Answer& answer) {
  const auto writer = interface.writer(request);
  std::vector<Event> events = writer->Begin();
  const auto add = [&](std::vector<Event> more) {
    for (Event& event : more) events.push_back(std::move(event));
  };
  for (const Piece& piece : answer.pieces) add(writer->Push(piece));
  add(writer->End({answer.outcome}));
  Saids saids;
  for (int choice = 0; choice < interface.choices; ++choice) saids[choice];
  for (const Event& event : events) {
    EXPECT_EQ(event.data.find('\n'), std::string::npos) << "a line of its own";
    if (event.data != "[DONE]") interface.read_event(DataOf(event), &saids);
  }
  return saids;
}

TEST(Streams, SayWhatWholeAnswersSay) {
  for (const Interface& interface : Interfaces()) {
    SCOPED_TRACE(interface.name);
    const bool raw = std::string(interface.name) == "completions";
    for (uint64_t seed = 0; seed < 60; ++seed) {
      SCOPED_TRACE(seed);
      Rng rng(seed);
      const bool include = raw || rng.Int(0, 3) > 0;
      const GenerateRequest request = {.prompts = {},
                                       .echo = rng.Int(0, 1) == 1,
                                       .n = interface.choices,
                                       .include_reasoning = include,
                                       .separate_reasoning = !raw};
      const Answer answer = RandomAnswer(interface.choices, raw, rng);
      const Saids whole = interface.read_whole(interface.writer(request)->Whole({answer.outcome}));
      EXPECT_EQ(StreamOf(interface, request, answer), whole);
      EXPECT_EQ(whole.at(0).reasoning, include ? answer.outcome.choices[0].reasoning : "");
    }
  }
}

}  // namespace
}  // namespace retort::api

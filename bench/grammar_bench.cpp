// What constrained output costs: the trie of a vocabulary, compiling a grammar, and the mask of
// each token of a text, first and once what the states allow is known.
//
//   grammar_bench tokenizer.json (--schema FILE | --grammar FILE | --json) TEXT_FILE
//
// The text must be of the grammar; its end of line does not belong to it. "First" masks belong to a
// grammar that nobody has used; "again" to the next stream of the same grammar.
#include <fmt/core.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "grammar/gbnf.h"
#include "grammar/json_schema.h"
#include "grammar/matcher.h"
#include "text/tokenizer_json.h"

namespace retort {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) Fail(ErrorCode::kNotFound, "{}: no such file", path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

GrammarTree ReadGrammar(const std::string& kind, const std::string& path) {
  if (kind == "--schema") return JsonSchemaGrammar(ReadAll(path), path);
  if (kind == "--grammar") return ParseGbnf(ReadAll(path), path);
  return JsonObjectGrammar();
}

// Milliseconds of each mask along the text.
std::vector<double> Masks(const std::shared_ptr<const CompiledGrammar>& grammar,
                          const std::vector<int32_t>& tokens) {
  const SteadyClock clock;
  GrammarMatcher matcher(grammar);
  std::vector<uint64_t> bits(matcher.num_words());
  std::vector<double> times;
  for (const int32_t token : tokens) {
    const double start = clock.Seconds();
    matcher.Mask(bits);
    times.push_back((clock.Seconds() - start) * 1000);
    matcher.Accept(token);
  }
  if (!matcher.CanEnd()) Fail(ErrorCode::kInvalidArgument, "the text ends too early");
  return times;
}

void Print(const char* name, std::vector<double> times) {
  std::sort(times.begin(), times.end());
  double sum = 0;
  for (const double time : times) sum += time;
  const auto n = times.size();
  fmt::print("{:6} masks: mean {:.3f} ms, median {:.3f}, 95 % below {:.3f}, longest {:.3f}\n", name,
             sum / static_cast<double>(n), times[n / 2], times[n * 95 / 100], times.back());
}

void Run(const std::vector<std::string>& arguments) {
  const SteadyClock clock;
  const Tokenizer tokenizer(ReadTokenizerJson(ReadAll(arguments.at(0)), arguments.at(0)));
  const bool json = arguments.at(1) == "--json";
  std::string text = ReadAll(arguments.at(json ? 2 : 3));
  while (text.ends_with('\n')) text.pop_back();
  std::vector<std::string> bytes;
  for (int32_t id = 0; id < tokenizer.size(); ++id) {
    const bool special = tokenizer.spec().kinds[static_cast<size_t>(id)] != TokenKind::kNormal;
    bytes.emplace_back(special ? "" : tokenizer.TokenBytes(id));
  }
  double start = clock.Seconds();
  const auto lap = [&] { return (clock.Seconds() - std::exchange(start, clock.Seconds())) * 1000; };
  const auto vocabulary =
      std::make_shared<const GrammarVocabulary>(std::move(bytes), std::vector<int32_t>{});
  fmt::print("vocabulary: {} tokens, {} nodes, {:.1f} ms\n", vocabulary->trie().num_tokens(),
             vocabulary->trie().size(), lap());
  lap();
  const auto grammar =
      CompileGrammar(ReadGrammar(arguments[1], json ? "" : arguments.at(2)), vocabulary);
  fmt::print("grammar: {} rules, {} states, {:.2f} ms\n", grammar->automaton().num_rules(),
             grammar->automaton().size(), lap());
  const std::vector<int32_t> tokens = tokenizer.Encode(text);
  fmt::print("text: {} tokens\n", tokens.size());
  Print("first", Masks(grammar, tokens));
  Print("again", Masks(grammar, tokens));
  fmt::print("kept: {:.1f} MiB\n", static_cast<double>(*vocabulary->budget()) / (1 << 20));
}

}  // namespace
}  // namespace retort

int main(int argc, char** argv) {
  try {
    retort::Run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "grammar_bench: {}\n", error.what());
    return 1;
  }
}

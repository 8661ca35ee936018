#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "store/run_store.h"
#include "store/run_writer.h"
#include "store/test_rows.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

using Lengths = std::vector<std::pair<int, bool>>;

Lengths LengthsOf(RunStore& store, const char* path, const char* name) {
  Lengths lengths;
  for (const AnswerLength& length : store.AnswerLengths(path, name)) {
    lengths.emplace_back(length.new_tokens, length.cut);
  }
  return lengths;
}

TEST(AnswerLengths, AreThoseOfAModelInAllRuns) {
  const TempDir folder;
  RunStore store(folder.File("runs.db"));
  const std::vector<ProblemRow> problems = {SomeProblem(0), SomeProblem(1)};
  RunWriter one =
      RunWriter::Begin(store, SomeRun(), {SomeModel("a"), SomeModel("b")}, problems, {});
  RunWriter two = RunWriter::Begin(store, SomeRun(), {SomeModel("b")}, problems, {});
  SampleRow cut = SomeSample(1);
  cut.finish = "length";
  cut.new_tokens = 2048;
  one.AddSample(0, SomeSample(0));
  one.AddSample(1, SomeSample(0));
  two.AddSample(0, cut);
  const Lengths of_b = {{5, false}, {2048, true}};
  EXPECT_EQ(LengthsOf(store, "/elsewhere/x.gguf", "b"), of_b);
  EXPECT_TRUE(LengthsOf(store, "/elsewhere/x.gguf", "x").empty());
  store.database().Execute(
      "INSERT INTO file_digests VALUES ('/elsewhere/x.gguf', 1, 1, 1, 'digest of b')");
  EXPECT_EQ(LengthsOf(store, "/elsewhere/x.gguf", "x"), of_b) << "the same file, another name";
}

}  // namespace
}  // namespace retort

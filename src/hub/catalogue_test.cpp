#include "hub/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"

namespace retort {
namespace {

Catalogue BuiltIn() { return Catalogue::Parse(kCatalogueJson); }

TEST(Catalogue, HasTheDistillsWithTheirBasesAndNatives) {
  const Catalogue catalogue = BuiltIn();
  int distills = 0;
  for (const CatalogueModel& model : catalogue.models()) {
    EXPECT_FALSE(model.licence.empty()) << model.name;
    EXPECT_EQ(model.kind == "distill", !model.base.empty()) << model.name;
    EXPECT_EQ(model.kind == "distill", !model.natives.empty()) << model.name;
    if (model.kind != "distill") continue;
    ++distills;
    EXPECT_EQ(model.files[0].precision, "q4_k_m") << model.name;
    for (const std::string& native : model.natives) {
      EXPECT_EQ(catalogue.Find(native)->model->kind, "native") << native;
    }
  }
  EXPECT_EQ(distills, 6);
}

// Nobody invents figures: they are stated for the files that scripts/fetch-test-models also has.
TEST(Catalogue, StatesSizeAndDigestOfTheTestModelsAlone) {
  const std::string script = ReadFile(RETORT_SOURCE_DIR "/scripts/fetch-test-models");
  ASSERT_FALSE(script.empty());
  int stated = 0;
  const Catalogue catalogue = BuiltIn();
  for (const CatalogueModel& model : catalogue.models()) {
    for (const CatalogueFile& file : model.files) {
      EXPECT_EQ(file.sha256.has_value(), model.kind == "test") << model.name;
      EXPECT_EQ(file.size.has_value(), model.kind == "test") << model.name;
      if (!file.sha256) continue;
      ++stated;
      EXPECT_NE(script.find(*file.sha256), std::string::npos) << model.name;
      EXPECT_NE(script.find("size=" + std::to_string(*file.size)), std::string::npos);
      EXPECT_NE(script.find(file.repository), std::string::npos) << model.name;
      EXPECT_NE(script.find(file.file), std::string::npos) << model.name;
    }
  }
  EXPECT_EQ(stated, 3);
}

TEST(Catalogue, TheTableInTheDocumentationIsThis) {
  const std::string document = ReadFile(RETORT_SOURCE_DIR "/docs/models.md");
  std::set<std::string> rows;
  bool in_table = false;
  for (const std::string& line : SplitLines(document)) {
    in_table = in_table || line.starts_with("| model | kind |");
    if (in_table && line.starts_with("| `")) rows.insert(line);
  }
  const Catalogue catalogue = BuiltIn();
  for (const CatalogueModel& model : catalogue.models()) {
    std::string row = "| `" + model.name + "` | " + model.kind + " | ";
    for (const CatalogueFile& file : model.files) {
      row += file.precision + (&file == &model.files.back() ? " | " : " ");
    }
    row += model.licence + " |";
    EXPECT_EQ(rows.erase(row), 1u) << row;
  }
  EXPECT_TRUE(rows.empty()) << *rows.begin();
}

TEST(Catalogue, FindsNamesAliasesAndPrecisions) {
  const Catalogue catalogue = BuiltIn();
  const auto match = catalogue.Find("r1-distill-qwen-1.5b");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->file->precision, "q4_k_m");
  EXPECT_FALSE(match->names_precision);
  EXPECT_EQ(catalogue.Find("deepseek-r1:1.5b")->model, match->model);
  EXPECT_EQ(catalogue.Find("deepseek-r1:1.5b:q8_0")->file->precision, "q8_0");
  EXPECT_TRUE(catalogue.Find("r1-distill-qwen-1.5b:bf16")->names_precision);
  EXPECT_FALSE(catalogue.Find("gpt-5"));
  EXPECT_THROW(catalogue.Find("r1-distill-qwen-1.5b:q2_k"), Error);
  EXPECT_EQ(catalogue.FindFile("deepseek-ai/DeepSeek-V3", "")->model->name, "deepseek-v3");
  EXPECT_FALSE(catalogue.FindFile("org/none", ""));
}

TEST(Catalogue, KnowsWhatAMistypedNameMayMean) {
  const Catalogue catalogue = BuiltIn();
  EXPECT_EQ(catalogue.Similar("r1-distil-qwen-7b").front(), "r1-distill-qwen-7b");
  EXPECT_EQ(catalogue.Similar("smollm2").front(), "smollm2-135m-instruct");
  EXPECT_TRUE(catalogue.Similar("x").empty());
  EXPECT_TRUE(catalogue.Similar(std::string(5000, 'q')).empty());
}

constexpr const char* kEntry = R"({"name": "m", "title": "M", "aliases": [], "kind": "native",
    "architecture": "llama", "licence": "MIT", "base": null, "natives": [], "files": [
    {"precision": "q8_0", "repository": "a/b", "file": null, "gated": false, "size": null,
     "sha256": null}]})";

std::string WhyNot(std::string entry, const std::string& from, const std::string& to) {
  const size_t at = entry.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  entry.replace(at, from.size(), to);
  try {
    Catalogue::Parse(R"({"schema": 1, "models": [)" + entry + "]}");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Catalogue, EveryBadFieldIsNamed) {
  EXPECT_EQ(WhyNot(kEntry, "\"MIT\"", "\"MIT\""), "");
  const std::pair<std::pair<const char*, const char*>, const char*> cases[] = {
      {{"\"licence\": \"MIT\", ", ""}, "m.licence: is missing"},
      {{"\"MIT\"", "\"\""}, "m.licence: must be a text"},
      {{"\"native\"", "\"toy\""}, "m.kind: is toy"},
      {{"\"m\"", "5"}, "models[0].name"},
      {{"\"m\"", "\"M\""}, "lower case"},
      {{"\"base\": null", "\"base\": \"gone\""}, "speaks of 'gone'"},
      {{"\"aliases\": []", "\"aliases\": [\"m\"]"}, "names two models"},
      {{"\"aliases\": []", "\"aliases\": 3"}, "must be a list"},
      {{"\"a/b\"", "\"a/../b\""}, "is no repository"},
      {{"\"file\": null", "\"file\": \"../x\""}, "no name of a file"},
      {{"\"size\": null", "\"size\": -1"}, "m.files[0].size"},
      {{"\"sha256\": null", "\"sha256\": \"abc\""}, "m.files[0].sha256"},
      {{"\"gated\": false", "\"gated\": 0"}, "m.files[0].gated"},
  };
  for (const auto& [change, message] : cases) {
    const std::string why = WhyNot(kEntry, change.first, change.second);
    EXPECT_NE(why.find(message), std::string::npos) << message << " is not in: " << why;
  }
  EXPECT_THROW(Catalogue::Parse("nonsense"), Error);
  EXPECT_THROW(Catalogue::Parse("[]"), Error);
  EXPECT_THROW(Catalogue::Parse(R"({"schema": 2, "models": []})"), Error);
}

}  // namespace
}  // namespace retort

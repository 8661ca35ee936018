#include "doctor/cache_check.h"

#include <gtest/gtest.h>

#include "doctor/test_findings.h"
#include "doctor/test_root.h"
#include "doctor/test_sizes.h"
#include "tests/support/run_program.h"

namespace retort::doctor {
namespace {

CacheFacts UsualFolder() {
  return {.setting = {.folder = "/c/hub"}, .exists = true, .writable = true, .free_bytes = 9 * kGB};
}

Finding Find(const CacheFacts& facts, const std::string& check) {
  return Find(CheckCache(facts), check);
}

ModelElsewhere InOllama() {
  return {.name = "deepseek-r1:1.5b",
          .path = "/h/.ollama/models/blobs/sha256-1",
          .program = "Ollama",
          .folder = "/h/.ollama/models",
          .bytes = kGB};
}

TEST(CacheCheck, SaysWhichFolderAndWhoChoseIt) {
  EXPECT_EQ(CheckCache(UsualFolder()).size(), 2u);
  EXPECT_EQ(Find(UsualFolder(), "cache").what, "/c/hub, the usual folder");
  EXPECT_EQ(Find(UsualFolder(), "disk").what, "9.00 GB are free on the cache's disk");
  CacheFacts facts = UsualFolder();
  facts.setting.chosen_by = "HF_HOME";
  facts.exists = false;
  EXPECT_EQ(Find(facts, "cache").what, "/c/hub, chosen by HF_HOME; nothing was pulled yet");
  EXPECT_EQ(Find(facts, "cache").severity, Severity::kOk);
}

TEST(CacheCheck, WhatCannotBeWrittenAndWhatIsFull) {
  CacheFacts facts = UsualFolder();
  facts.writable = false;
  facts.free_bytes = kGB;
  EXPECT_EQ(Find(facts, "cache").severity, Severity::kError);
  EXPECT_TRUE(Has(Find(facts, "cache").remedy, "HF_HUB_CACHE"));
  EXPECT_EQ(Find(facts, "disk").severity, Severity::kWarning);
}

TEST(CacheCheck, UnfinishedDownloadsAndModelsOfOtherPrograms) {
  CacheFacts facts = UsualFolder();
  facts.partial = {{.repository = "o/a", .bytes = kGB}, {.repository = "o/b", .bytes = kGB}};
  facts.elsewhere = {InOllama()};
  facts.setting.offline = true;
  EXPECT_EQ(Find(facts, "downloads").what, "2 not finished, 2.00 GB so far: o/a, o/b");
  EXPECT_TRUE(Has(Find(facts, "downloads").remedy, "retort pull hf:o/a"));
  EXPECT_EQ(Find(facts, "other caches").what,
            "a model of Ollama (1.00 GB) lies outside this cache: deepseek-r1:1.5b in "
            "/h/.ollama/models");
  EXPECT_TRUE(Has(Find(facts, "other caches").remedy, "retort run /h/.ollama"));
  EXPECT_EQ(Find(facts, "offline").severity, Severity::kNote);
}

TEST(AbsentModelCheck, IsPulledWhereThereIsRoom) {
  const AbsentModel model{.name = "m", .bytes = 5 * kGB};
  const Finding finding = CheckAbsentModel(model, UsualFolder()).front();
  EXPECT_EQ(finding.severity, Severity::kNote);
  EXPECT_EQ(finding.remedy, "retort pull m");
  EXPECT_TRUE(Has(finding.what, "about 5.00 GB of the 9.00 GB")) << finding.what;
  CacheFacts full = UsualFolder();
  full.free_bytes = kGB;
  EXPECT_EQ(CheckAbsentModel(model, full).front().severity, Severity::kError);
  EXPECT_TRUE(Has(CheckAbsentModel(model, full).front().remedy, "make room for 4.00 GB"));
}

TEST(AbsentModelCheck, OfflineItMustBeElsewhere) {
  CacheFacts offline = UsualFolder();
  offline.setting.offline = true;
  AbsentModel model{.name = "m"};
  EXPECT_EQ(CheckAbsentModel(model, offline).front().severity, Severity::kError);
  EXPECT_EQ(CheckAbsentModel(model, offline).front().remedy, "unset HF_HUB_OFFLINE; retort pull m");
  model.elsewhere = {InOllama()};
  const Finding finding = CheckAbsentModel(model, offline).front();
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.remedy,
            "give its path for a name: retort run /h/.ollama/models/blobs/sha256-1");
  model.elsewhere.front().is_hub_cache = true;
  EXPECT_EQ(CheckAbsentModel(model, UsualFolder()).front().remedy,
            "export HF_HUB_CACHE=/h/.ollama/models");
}

TEST(CacheFacts, AreReadFromTheFolder) {
  const TestRoot root;
  root.Write("/hub/models--org--repo/blobs/abc.retort.incomplete", "1234");
  root.Write("/hub/models--org--repo/blobs/whole", "12");
  root.Write("/hub/models--org--done/blobs/whole", "12");
  const CacheFacts facts = GatherCache({.folder = root.path() + "/hub"});
  EXPECT_TRUE(facts.exists);
  EXPECT_TRUE(facts.writable);
  EXPECT_GT(facts.free_bytes, 0);
  ASSERT_EQ(facts.partial.size(), 1u);
  EXPECT_EQ(facts.partial[0].repository, "org/repo");
  EXPECT_EQ(facts.partial[0].bytes, 4);
  const CacheFacts absent = GatherCache({.folder = root.path() + "/new/hub"});
  EXPECT_FALSE(absent.exists);
  EXPECT_TRUE(absent.writable) << "it can be made";
  root.Write("/file", "");
  EXPECT_FALSE(GatherCache({.folder = root.path() + "/file"}).writable);
}

class OtherCachesTest : public testing::Test {
 protected:
  OtherCachesTest() {
    const std::string digest(64, 'a');
    home_.Write("/.ollama/models/manifests/registry.ollama.ai/library/deepseek-r1/1.5b",
                R"({"layers": [{"mediaType": "application/vnd.ollama.image.template",
                    "digest": "sha256:b"}, {"mediaType": "application/vnd.ollama.image.model",
                    "digest": "sha256:)" +
                    digest + R"("}]})");
    home_.Write("/.ollama/models/manifests/registry.ollama.ai/library/damaged/latest", "{");
    home_.Write("/.ollama/models/blobs/sha256-" + digest, "GGUF");
    home_.Write("/.lmstudio/models/pub/DeepSeek-R1-Distill-Llama-8B-GGUF/x-Q4_K_M.gguf", "GGUF");
    const std::string repository = "/.cache/huggingface/hub/models--org--tiny";
    const std::string commit(40, '1');
    home_.Write(repository + "/snapshots/" + commit + "/tiny-Q8_0.gguf", "GGUF");
    home_.Write(repository + "/refs/main", commit);
  }
  std::vector<ModelElsewhere> Find(const std::string& in_use) const {
    return ModelsElsewhere(UsualCaches(home_.path()), in_use, catalogue_);
  }

  TestRoot home_;
  Catalogue catalogue_ = Catalogue::Parse(kCatalogueJson);
};

TEST_F(OtherCachesTest, FindsTheModelsOfOtherPrograms) {
  const auto found = Find("/another");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].name, "hf:org/tiny:tiny-Q8_0.gguf");
  EXPECT_TRUE(found[0].is_hub_cache);
  EXPECT_EQ(found[1].name, "deepseek-r1:1.5b");
  EXPECT_EQ(found[1].bytes, 4);
  EXPECT_TRUE(Has(found[1].path, "/blobs/sha256-aaaa"));
  EXPECT_EQ(found[2].program, "LM Studio");
  EXPECT_EQ(Find(home_.path() + "/.cache/huggingface/hub").size(), 2u) << "that one is in use";
}

TEST_F(OtherCachesTest, NamesAreComparedByLettersAndDigits) {
  const auto found = Find("/another");
  EXPECT_EQ(Alike(found, {"deepseek-r1:1.5b"}).size(), 1u);
  const auto llama = Alike(found, {"DeepSeek-R1-Distill-Llama-8B"});
  ASSERT_EQ(llama.size(), 1u);
  EXPECT_EQ(llama[0].program, "LM Studio");
  EXPECT_TRUE(Alike(found, {"", "qwen3"}).empty());
}

}  // namespace
}  // namespace retort::doctor

#include "hub/cache.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "hub/digest.h"
#include "hub/file_lock.h"
#include "hub/http_hub.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, 'a');
const std::string kOther(40, 'b');

class CacheTest : public testing::Test {
 protected:
  void Put(const std::string& etag, const std::string& text) {
    cache_.Prepare("org/tiny");
    std::ofstream(cache_.BlobPath("org/tiny", etag)) << text;
  }

  TempDir dir_;
  HubCache cache_{dir_.File("hub/")};
};

TEST_F(CacheTest, LinksLeadToBlobsFromAnyDepth) {
  Put("e1", "one");
  cache_.Link("org/tiny", kCommit, "model.gguf", "e1");
  cache_.Link("org/tiny", kCommit, "a/b/model.gguf", "e1");
  const std::string folder = cache_.SnapshotFolder("org/tiny", kCommit);
  EXPECT_EQ(folder, dir_.File("hub/models--org--tiny/snapshots/") + kCommit);
  EXPECT_EQ(fs::read_symlink(folder + "/model.gguf"), "../../blobs/e1");
  EXPECT_EQ(fs::read_symlink(folder + "/a/b/model.gguf"), "../../../../blobs/e1");
  EXPECT_EQ(ReadFile(folder + "/a/b/model.gguf"), "one");
  Put("e2", "two");
  cache_.Link("org/tiny", kCommit, "model.gguf", "e2");
  EXPECT_EQ(ReadFile(folder + "/model.gguf"), "two");
}

TEST_F(CacheTest, RefsNameCommitsThatAreThere) {
  EXPECT_EQ(cache_.Commit("org/tiny", "main"), std::nullopt);
  cache_.WriteRef("org/tiny", "refs/pr/1", kCommit);
  EXPECT_EQ(cache_.Commit("org/tiny", "refs/pr/1"), std::nullopt);  // no snapshot
  Put("e1", "one");
  cache_.Link("org/tiny", kCommit, "x", "e1");
  EXPECT_EQ(cache_.Commit("org/tiny", "refs/pr/1"), kCommit);
  EXPECT_EQ(cache_.Commit("org/tiny", kCommit), kCommit);
  EXPECT_EQ(ReadFile(dir_.File("hub/models--org--tiny/refs/refs/pr/1")), kCommit);
  EXPECT_EQ(cache_.Find("org/tiny")->snapshots[0].refs, std::vector<std::string>{"refs/pr/1"});
}

TEST_F(CacheTest, ScanLeavesOutWhatIsNoRepositoryOrLeadsNowhere) {
  Put("e1", "one");
  cache_.Link("org/tiny", kCommit, "x.gguf", "e1");
  cache_.Link("org/tiny", kCommit, "gone.gguf", "e9");
  fs::create_directories(dir_.File("hub/datasets--a--b/snapshots"));
  fs::create_directories(dir_.File("hub/models--a/snapshots"));
  fs::create_directories(dir_.File("hub/models--a--..--b/snapshots"));
  fs::create_directories(dir_.File("hub/models--org--tiny/snapshots/not-a-commit"));
  const std::vector<CachedRepository> found = cache_.Scan();
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].snapshots.size(), 1u);
  ASSERT_EQ(found[0].snapshots[0].files.size(), 1u);
  EXPECT_EQ(found[0].snapshots[0].files[0].blob, "e1");
  EXPECT_EQ(found[0].snapshots[0].files[0].bytes, 3);
}

TEST_F(CacheTest, RemovesBlobsWithTheirLastLinkAndRefsWithTheirSnapshot) {
  Put("e1", "one");
  Put("e2", "22");
  cache_.Link("org/tiny", kCommit, "a", "e1");
  cache_.Link("org/tiny", kOther, "a", "e1");
  cache_.Link("org/tiny", kOther, "b", "e2");
  cache_.WriteRef("org/tiny", "old", kCommit);
  cache_.WriteRef("org/tiny", "main", kOther);
  std::ofstream(cache_.BlobPath("org/tiny", "foreign")) << "another program's";
  EXPECT_EQ(cache_.Remove("org/tiny", {"a"}), 3);
  EXPECT_FALSE(fs::exists(cache_.SnapshotFolder("org/tiny", kCommit)));
  EXPECT_EQ(cache_.Commit("org/tiny", "main"), kOther);
  EXPECT_FALSE(fs::exists(dir_.File("hub/models--org--tiny/refs/old")));
  EXPECT_TRUE(fs::exists(cache_.BlobPath("org/tiny", "foreign")));
  EXPECT_EQ(cache_.Remove("org/tiny", {"nothing"}), 0);
  EXPECT_EQ(cache_.Remove("org/tiny", {"b"}), 2 + 17);
  EXPECT_FALSE(fs::exists(dir_.File("hub/models--org--tiny")));
  EXPECT_EQ(cache_.Remove("org/tiny", {"b"}), 0);
}

TEST_F(CacheTest, RefusesNamesThatLeaveIt) {
  EXPECT_THROW(cache_.SnapshotPath("org/tiny", kCommit, "../x"), Error);
  EXPECT_THROW(cache_.SnapshotFolder("../tiny", kCommit), Error);
  EXPECT_THROW(cache_.WriteRef("org/tiny", "../../x", kCommit), Error);
}

TEST_F(CacheTest, AFolderThatCannotBeWrittenIsNamed) {
  std::ofstream(dir_.File("hub")) << "a file";
  try {
    cache_.Prepare("org/tiny");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("HF_HUB_CACHE"), std::string::npos) << error.what();
  }
}

TEST(FileLock, WaitsForItsHolderAndCanBeInterrupted) {
  TempDir dir;
  const Interrupted never = [](double) { return false; };
  const FileLock held(dir.File("x.lock"), never, [] {});
  int polls = 0, said = 0;
  const Interrupted soon = [&](double) { return ++polls == 3; };
  EXPECT_THROW(FileLock(dir.File("x.lock"), soon, [&] { ++said; }), Error);
  EXPECT_EQ(said, 1);
  EXPECT_NO_THROW(FileLock(dir.File("y.lock"), never, [] {}));
}

TEST(Digest, OfABlobIsGits) {
  const std::unique_ptr<StreamHash> git =
      GitBlobHash(6);  // printf 'hello\n' | git hash-object --stdin
  git->Update("hel");
  git->Update("lo\n");
  EXPECT_EQ(git->Hex(), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST(Http, AddressesResolveAsBrowsersDo) {
  EXPECT_EQ(OriginOf("https://Host/x"), "https://host:443");
  EXPECT_EQ(OriginOf("http://h:81/x?y"), "http://h:81");
  EXPECT_THROW(OriginOf("http://user:pass@h:81/x"), Error);  // it would be shown and kept
  EXPECT_EQ(ResolveUrl("https://h/a/b", "/c?d"), "https://h/c?d");
  EXPECT_EQ(ResolveUrl("https://h/a/b", "c"), "https://h/a/c");
  EXPECT_EQ(ResolveUrl("https://h/a", "//k/c"), "https://k/c");
  EXPECT_THROW(ResolveUrl("https://h/a", "file:///etc/passwd"), Error);
  EXPECT_THROW(OriginOf("gopher://h/"), Error);
  EXPECT_THROW(OriginOf("no address"), Error);
}

TEST(Http, EtagsLoseQuotesAndWeakness) {
  EXPECT_EQ(PlainEtag("\"abc\""), "abc");
  EXPECT_EQ(PlainEtag("W/\"abc\""), "abc");
  EXPECT_EQ(PlainEtag("abc"), "abc");
  EXPECT_EQ(PlainEtag("\""), "\"");
}

TEST(Http, ListsOfFilesAreReadOrRefused) {
  const std::string head = R"({"sha": ")" + kCommit + R"(", "siblings": )";
  const RemoteListing listing =
      ParseListing(head + R"([{"rfilename": "a"}, {"rfilename": "b/c", "size": 5}]})", "org/x");
  EXPECT_EQ(listing.commit, kCommit);
  EXPECT_EQ(listing.files, (std::vector<std::string>{"a", "b/c"}));
  for (const std::string& bad :
       {std::string("<html>"), std::string("[]"), std::string("{}"), head + "5}",
        head + R"([{"rfilename": 5}]})", head + R"(["a"]})", head + R"([{"rfilename": "../a"}]})",
        std::string(R"({"sha": "main", "siblings": []})")}) {
    EXPECT_THROW(ParseListing(bad, "org/x"), Error) << bad;
  }
}

}  // namespace
}  // namespace retort

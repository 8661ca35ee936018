#include "hub/reference.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "hub/names.h"

namespace retort {
namespace {

using Kind = ModelReference::Kind;

std::string WhyNot(std::string_view text) {
  try {
    ParseReference(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "it is one";
}

TEST(Reference, NamesOfTheCatalogueAreReadInLowerCase) {
  const ModelReference reference = ParseReference("R1-Distill-Qwen-1.5B:Q8_0");
  EXPECT_EQ(reference.kind, Kind::kCatalogue);
  EXPECT_EQ(reference.name, "r1-distill-qwen-1.5b:q8_0");
  EXPECT_EQ(reference.text, "R1-Distill-Qwen-1.5B:Q8_0");
}

TEST(Reference, RepositoriesWithAndWithoutAFile) {
  for (const char* text : {"hf:Org/Repo-1.5", "hf.co/Org/Repo-1.5"}) {
    const ModelReference reference = ParseReference(text);
    EXPECT_EQ(reference.kind, Kind::kRepository);
    EXPECT_EQ(reference.repository, "Org/Repo-1.5");
    EXPECT_EQ(reference.file, "");
    EXPECT_EQ(reference.revision, "");
  }
  EXPECT_EQ(ParseReference("hf:a/b:Q4_K_M").file, "Q4_K_M");
  EXPECT_EQ(ParseReference("hf:a/b:sub/m-00001-of-00002.gguf").file, "sub/m-00001-of-00002.gguf");
}

TEST(Reference, AddressesOfTheHubAreRepositories) {
  const std::string hub = "https://huggingface.co/";
  EXPECT_EQ(ParseReference(hub + "a/b/").repository, "a/b");
  EXPECT_EQ(ParseReference(hub + "a/b/tree/v1.0").revision, "v1.0");
  const ModelReference file =
      ParseReference(hub + "a/b/resolve/main/sub/x%20y.gguf?download=true#top");
  EXPECT_EQ(file.revision, "main");
  EXPECT_EQ(file.file, "sub/x y.gguf");
  EXPECT_EQ(ParseReference("http://mirror:8080/a/b", "http://mirror:8080/").repository, "a/b");
  // Another host that only begins like it is another host.
  EXPECT_EQ(ParseReference("https://huggingface.com.evil/a/b.gguf").kind, Kind::kUrl);
}

TEST(Reference, OtherAddressesNameAFile) {
  EXPECT_EQ(ParseReference("https://h/x/m.gguf?sig=1").kind, Kind::kUrl);
  EXPECT_EQ(FileNameOfUrl("https://h/x/m%2B.gguf?sig=1"), "m+.gguf");
  EXPECT_EQ(FileNameOfUrl("file:///x/m.gguf"), "m.gguf");
}

TEST(Reference, RefusesWhatNamesNoModel) {
  for (const char* text : {"hf:",
                           "hf:a",
                           "hf:a/",
                           "hf:/b",
                           "hf:a/b/c",
                           "hf:a/..",
                           "hf:a--x/b",
                           "hf:a/b:",
                           "hf:a/b:/etc",
                           "hf:a/b:x/../../y",
                           "hf:a/b:x\\y",
                           "hf:a/b:x//y",
                           "hf:-a/b",
                           "hf:a b/c",
                           "hf:a/b\n",
                           "https://huggingface.co/a",
                           "https://huggingface.co/a/b/tree",
                           "https://huggingface.co/a/b/raw/main/x",
                           "https://huggingface.co/a/b/tree/..",
                           "https://huggingface.co/a/b/resolve/main/..%2F..%2Fx",
                           "https://h",
                           "https://h/",
                           "https://h/x/",
                           "https://h/x/..",
                           "https://h/a%2Fb",
                           "ftp://h/x",
                           "",
                           "two words",
                           "a/b"}) {
    EXPECT_NE(WhyNot(text), "it is one") << text;
  }
  EXPECT_NE(WhyNot(std::string(5000, 'a')), "it is one");
  EXPECT_NE(WhyNot("ftp://h/x").find("https, http and file"), std::string::npos);
  EXPECT_EQ(WhyNot("\x1b[2J").find('\x1b'), std::string::npos);
}

TEST(Names, RevisionsAndBlobs) {
  for (const char* good :
       {"main", "v1.0", "refs/pr/1", "0123456789012345678901234567890123456789"}) {
    EXPECT_NO_THROW(CheckRevision(good)) << good;
  }
  for (const char* bad : {"", "-x", "a/../b", "/a", "a/", "a b", "a?b", ".."}) {
    EXPECT_THROW(CheckRevision(bad), Error) << bad;
  }
  EXPECT_TRUE(IsCommit(std::string(40, 'a')));
  EXPECT_FALSE(IsCommit(std::string(40, 'A')));
  EXPECT_TRUE(IsBlobName(std::string(64, '0')));
  for (const char* bad : {"", "..", ".hidden", "a/b", "a b"}) EXPECT_FALSE(IsBlobName(bad)) << bad;
}

TEST(Names, AddressesAreEncoded) {
  EXPECT_EQ(UrlEncodePath("sub/x y%+é?.gguf"), "sub/x%20y%25%2B%C3%A9%3F.gguf");
}

}  // namespace
}  // namespace retort

#include "base/hash.h"

#include <gtest/gtest.h>

namespace retort {
namespace {

// The vectors of FIPS 180-2, appendix B.
TEST(Sha256Test, GivesThePublishedDigests) {
  Sha256 empty;
  EXPECT_EQ(empty.Hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 abc;
  abc.Update("abc");
  EXPECT_EQ(abc.Hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256Test, DoesNotDependOnHowTheBytesAreCut) {
  const std::string piece(1000, 'a');
  Sha256 million;
  for (int i = 0; i < 1000; ++i) million.Update(piece);
  EXPECT_EQ(million.Hex(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha1Test, GivesThePublishedDigest) {
  Sha1 abc;
  abc.Update("abc");
  EXPECT_EQ(abc.Hex(), "a9993e364706816aba3e25717850c26c9cd0d89d");
}

}  // namespace
}  // namespace retort

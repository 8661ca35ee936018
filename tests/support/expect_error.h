// For tests of what is refused: the kind of the error, that its message is one line, and what must
// stand in it.
//
//   ExpectError(ErrorCode::kCorrupt, {"m.gguf", "'split.no'"}, [&] { OpenCheckpoint(path); });
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace retort {

template <typename Action>
void ExpectError(ErrorCode code, const std::vector<std::string>& parts, Action action) {
  try {
    action();
    ADD_FAILURE() << "no error; expected one with " << parts.front();
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), code) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    for (const std::string& part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << "'" << part << "' is not in: " << message;
    }
  }
}

}  // namespace retort

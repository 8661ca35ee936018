// The one error type of Retort. Thrown at every boundary with the world (files, requests, flags);
// caught in `cli` and in servers, never inside the layers between.
//
//   if (count > limit) Fail(ErrorCode::kCorrupt, "{}: {} tensors, at most {} are possible", ...);
//
// Messages are one line: what happened, to which thing with which value, what to do.
// RETORT_CHECK is for our own bugs only and aborts. Thread-safe.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace retort {

enum class ErrorCode {
  kInvalidArgument,    // a flag, request field or parameter is out of range
  kNotFound,           // a file, model or field does not exist
  kCorrupt,            // a file or message contradicts itself or its format
  kUnsupported,        // well formed, but outside what Retort does
  kResourceExhausted,  // memory, disk or KV blocks cannot hold it
  kCancelled,          // the user asked to stop
  kUnavailable,        // the machine, a child process or a peer is not able to
  kInternal,           // a broken promise of ours that can still be reported
};

// "invalid_argument", "not_found", ...
const char* ErrorCodeName(ErrorCode code);

class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

template <typename... Args>
[[noreturn]] void Fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(code, fmt::format(format, std::forward<Args>(args)...));
}

// Prints the condition and place to stderr, then aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line);

}  // namespace retort

#define RETORT_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::retort::CheckFailed(#condition, __FILE__, __LINE__))

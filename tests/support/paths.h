// Where tests find data: the repository's own, and what lies outside it and may be absent.
//
//   const std::string model = RealModel("SmolLM2-135M-Instruct.Q4_1.gguf");
//   if (model.empty()) GTEST_SKIP() << kNoRealModels;
#pragma once

#include <string>

namespace retort {

inline constexpr const char* kNoRealModels =
    "real model files are missing: run scripts/fetch-test-models, or set RETORT_MODELS";
inline constexpr const char* kNoSharedData = "no shared data: set RETORT_SHARED to its folder";

// A file under tests/data.
std::string TestData(const std::string& name);
// A file of RETORT_MODELS (default ~/.cache/retort-models); empty when it is not there.
std::string RealModel(const std::string& name);
// A file of RETORT_SHARED (default ../shared beside the repository); empty when it is not there.
std::string SharedData(const std::string& name);

}  // namespace retort

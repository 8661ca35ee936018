// What people preferred when they saw answers of several models side by side, kept beside the runs.
//
//   AddVote(store, {.prompt = "1+1?", .best = 0, .answers = {{"r1", "2"}, {"qwen", "3"}}});
//   for (const VoteRow& vote : Votes(store, {.last = 100})) ...
//   VoteTally(store);       // how often each model was preferred to each other
//
// Errors: kInvalidArgument naming the field for a vote that is none; those of Database. As
// thread-safe as the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/run_store.h"

namespace retort {

struct VotedAnswer {
  std::string model = {};
  std::string answer = {};
  std::string reasoning = {};
};

struct VoteRow {
  int64_t number = 0;         // the store's own
  std::string voted_at = {};  // ISO 8601, UTC; empty: now
  std::string prompt = {};
  std::optional<int> best = {};           // index into answers; none: they were alike
  std::vector<VotedAnswer> answers = {};  // two to eight
};

struct VoteFilter {
  std::string model = {};  // that took part; empty: any
  int64_t last = 0;        // so many of the newest; 0: all
};

// Of two models that were seen side by side: how often the first was preferred, the second,
// neither.
struct VotePair {
  std::string a = {}, b = {};
  int64_t a_best = 0, b_best = 0, alike = 0;
};

// The number it is kept under.
int64_t AddVote(RunStore& store, const VoteRow& vote);
std::vector<VoteRow> Votes(RunStore& store, const VoteFilter& filter);  // newest first
std::vector<VotePair> VoteTally(RunStore& store);                       // by name

}  // namespace retort

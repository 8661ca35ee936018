// Decides what each step computes. Pure: no tensors, no threads, no time; the same calls give the
// same plans.
//
//   Scheduler scheduler({.block_size = 32, .num_blocks = 256, .max_rows = 256, .max_running = 64});
//   scheduler.Add(id, prompt);
//   Plan plan = scheduler.Next();                  // rows to compute, at most max_rows
//   scheduler.AddDrafts(plan, {{7, 8}});           // if wanted: guesses at what comes next
//   scheduler.Append(id, token);                   // what came of the items that sample
//   scheduler.Commit(plan);
//   scheduler.Remove(id);                          // finished or cancelled: blocks are free again
//
// Policy, in order of submission throughout:
//  - Every decoding sequence gets its one row first, so a long prompt never stalls a running
//    answer; the rest of the rows goes to prompts, the oldest first, cut where the budget ends. The
//    caller may cut them shorter at any step.
//  - A waiting request is admitted when blocks for all its tokens are free and every running
//    sequence could still take one more. Nobody overtakes the oldest waiting request.
//  - It takes over the blocks of the longest prefix that is computed already (prefix_index.h), and
//    waits while a running sequence is computing the next one: nothing is computed twice.
//  - When a running sequence needs a block and none is free, the youngest running one gives its
//    blocks back and waits again; what it had is recomputed later, to the same bits, because rows
//    keep their roles. The oldest is never preempted, so everything that fits alone finishes.
//
//  - Drafts get what is left: rows below max_rows, and blocks beyond one spare for each running
//    sequence, so that nobody is preempted for them. What only rejected drafts lie in is given back
//    at once and never found by others: the cache is as it would be without them.
//
// Only full blocks are shared, and what is in them never changes: a sequence writes to blocks that
// it alone holds. The last token of a sequence is always computed, for its logits.
// Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/block_pool.h"
#include "engine/prefix_index.h"
#include "engine/sequence.h"

namespace retort {

struct SchedulerOptions {
  int32_t block_size = 0;  // B
  int32_t num_blocks = 0;
  int32_t max_rows = 0;     // T of a step, at most
  int32_t max_running = 0;  // sequences that hold blocks at a time, at most max_rows
  bool prefix_cache = true;
};

// Rows [start, start + count) of a sequence. The last row leads to a new token if it is the
// sequence's last token. The drafts are rows behind it: each leads to a further token if what came
// before it is what was drafted.
struct PlanItem {
  const Sequence* sequence = nullptr;
  int32_t start = 0;
  int32_t count = 0;
  bool samples = false;
  std::vector<int32_t> drafts = {};
};

struct Plan {
  std::vector<PlanItem> items;
  int32_t num_rows = 0;     // drafts included
  int32_t prompt_rows = 0;  // those of sequences that do not decode yet

  // Whether every row is the newest token of an answer. Beside prompts a step takes long anyway,
  // and its time says nothing about the next one's.
  bool only_decodes() const {
    return std::all_of(items.begin(), items.end(), [](const PlanItem& item) {
      return item.samples && item.count == 1 && item.sequence->num_generated() > 0;
    });
  }
};

class Scheduler {
 public:
  explicit Scheduler(const SchedulerOptions& options);

  // Whether a sequence of so many tokens in the cache can ever run.
  bool Fits(int64_t cached_tokens) const;

  // Ids must grow. The prompt has at least one token and fits.
  void Add(int64_t id, std::vector<int32_t> prompt);
  // Empty only if nothing waits and nothing runs. Each plan is followed by Commit, or by Remove of
  // all its sequences. It has at most `prompt_rows`, at least 1, of sequences that do not decode.
  Plan Next(int32_t prompt_rows = std::numeric_limits<int32_t>::max());
  // drafts[i]: for items[i], which must sample; each is cut to what there is room for.
  void AddDrafts(Plan& plan, std::vector<std::vector<int32_t>> drafts);
  // The next token of a sequence whose item samples. A further one may follow while each was the
  // draft at its place. A sequence that gets none must be removed after Commit.
  void Append(int64_t id, int32_t token);
  void Commit(const Plan& plan);
  // Waiting or running; gives its blocks back.
  void Remove(int64_t id);
  const Sequence* Find(int64_t id) const;

  int32_t num_running() const { return static_cast<int32_t>(running_.size()); }
  // Running sequences that get a token in the next step, as long as there are blocks for them.
  int32_t num_decoding() const;
  int32_t num_waiting() const { return static_cast<int32_t>(waiting_.size()); }
  std::vector<int64_t> WaitingIds() const;  // in the order in which they will be admitted
  int64_t num_preemptions() const { return num_preemptions_; }
  // Tokens that needed no computing, over all admissions.
  int64_t num_reused_tokens() const { return num_reused_tokens_; }
  const BlockPool& pool() const { return pool_; }
  const PrefixIndex& index() const { return index_; }
  const SchedulerOptions& options() const { return options_; }

  // Aborts unless blocks, sequences and orders agree.
  void CheckIntegrity() const;

 private:
  using SequencePtr = std::unique_ptr<Sequence>;

  int32_t BlocksFor(int64_t tokens) const;
  BlockKey KeyOf(const Sequence& sequence, size_t index, int32_t parent) const;
  std::vector<int32_t> FindPrefix(const Sequence& sequence) const;
  bool IsUnderway(const Sequence& waiting, std::span<const int32_t> prefix) const;
  Sequence& Running(int64_t id);
  void AllocateBlocks(Sequence& sequence, int32_t num_tokens);
  void IndexFullBlocks(Sequence& sequence, int32_t computed_before);
  void ReleaseBlocks(Sequence& sequence);
  void ReleaseLast(Sequence& sequence);
  void GrowRunning();
  void PreemptYoungest();
  void AdmitWaiting();
  void CheckIndexed(const Sequence& sequence) const;

  SchedulerOptions options_;
  BlockPool pool_;
  PrefixIndex index_;
  std::vector<SequencePtr> running_;  // ids ascending
  std::deque<SequencePtr> waiting_;   // ids ascending, all above the running ones
  int64_t num_preemptions_ = 0;
  int64_t num_reused_tokens_ = 0;
};

}  // namespace retort

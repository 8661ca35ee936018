#include "engine/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace retort {

Scheduler::Scheduler(const SchedulerOptions& options)
    : options_(options), pool_(options.num_blocks), index_(options.num_blocks) {
  RETORT_CHECK(options.block_size >= 1 && options.num_blocks >= 1);
  // With more running sequences than rows, prompts could wait forever for a row.
  RETORT_CHECK(options.max_running >= 1 && options.max_rows >= options.max_running);
}

int32_t Scheduler::BlocksFor(int64_t tokens) const {
  return static_cast<int32_t>((tokens + options_.block_size - 1) / options_.block_size);
}

bool Scheduler::Fits(int64_t cached_tokens) const {
  return cached_tokens <= static_cast<int64_t>(options_.num_blocks) * options_.block_size;
}

void Scheduler::Add(int64_t id, std::vector<int32_t> prompt) {
  RETORT_CHECK(!prompt.empty() && Fits(static_cast<int64_t>(prompt.size())));
  const Sequence* last = !waiting_.empty()   ? waiting_.back().get()
                         : !running_.empty() ? running_.back().get()
                                             : nullptr;
  RETORT_CHECK(last == nullptr || last->id < id);
  auto sequence = std::make_unique<Sequence>();
  sequence->id = id;
  sequence->prompt_tokens = static_cast<int32_t>(prompt.size());
  sequence->tokens = std::move(prompt);
  waiting_.push_back(std::move(sequence));
}

std::vector<int64_t> Scheduler::WaitingIds() const {
  std::vector<int64_t> ids;
  for (const SequencePtr& sequence : waiting_) ids.push_back(sequence->id);
  return ids;
}

int32_t Scheduler::num_decoding() const {
  return static_cast<int32_t>(
      std::count_if(running_.begin(), running_.end(),
                    [](const SequencePtr& sequence) { return sequence->decoding(); }));
}

Plan Scheduler::Next(int32_t prompt_rows) {
  RETORT_CHECK(prompt_rows >= 1);
  GrowRunning();
  AdmitWaiting();
  Plan plan;
  prompt_rows = std::min(prompt_rows, options_.max_rows - num_decoding());
  for (const SequencePtr& sequence : running_) {
    int32_t count = 1;
    if (!sequence->decoding()) {
      count = std::min(sequence->num_pending(), prompt_rows);
      prompt_rows -= count;
      plan.prompt_rows += count;
    }
    if (count == 0) continue;
    plan.items.push_back({.sequence = sequence.get(),
                          .start = sequence->computed,
                          .count = count,
                          .samples = count == sequence->num_pending()});
    plan.num_rows += count;
  }
  return plan;
}

void Scheduler::AddDrafts(Plan& plan, std::vector<std::vector<int32_t>> drafts) {
  RETORT_CHECK(drafts.size() == plan.items.size());
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (drafts[i].empty()) continue;
    PlanItem& item = plan.items[i];
    RETORT_CHECK(item.samples && item.drafts.empty());
    Sequence& sequence = Running(item.sequence->id);
    const int32_t spare_blocks = std::max(0, pool_.num_free() - num_running());
    const int32_t blocks = static_cast<int32_t>(sequence.blocks.size()) + spare_blocks;
    const int64_t room = static_cast<int64_t>(blocks) * options_.block_size - sequence.num_tokens();
    const int64_t most = std::min<int64_t>(room, options_.max_rows - plan.num_rows);
    item.drafts = std::move(drafts[i]);
    if (std::ssize(item.drafts) > most) item.drafts.resize(static_cast<size_t>(most));
    const auto count = static_cast<int32_t>(item.drafts.size());
    plan.num_rows += count;
    AllocateBlocks(sequence, sequence.num_tokens() + count);
  }
}

void Scheduler::Append(int64_t id, int32_t token) { Running(id).tokens.push_back(token); }

void Scheduler::Commit(const Plan& plan) {
  for (const PlanItem& item : plan.items) {
    Sequence& sequence = Running(item.sequence->id);
    const int32_t end = item.start + item.count;
    int32_t computed = end;
    if (item.samples) {
      // The last token was just sampled; those before it were drafts, so their rows are right.
      computed = sequence.num_tokens() - 1;
      const int32_t accepted = computed - end;
      RETORT_CHECK(accepted <= std::ssize(item.drafts));
      RETORT_CHECK(accepted <= 0 || std::equal(sequence.tokens.begin() + end,
                                               sequence.tokens.end() - 1, item.drafts.begin()));
    }
    const int32_t computed_before = std::exchange(sequence.computed, computed);
    IndexFullBlocks(sequence, computed_before);
    while (static_cast<int32_t>(sequence.blocks.size()) > BlocksFor(sequence.num_tokens())) {
      ReleaseLast(sequence);
    }
  }
}

void Scheduler::Remove(int64_t id) {
  const auto has_id = [id](const SequencePtr& sequence) { return sequence->id == id; };
  if (auto it = std::find_if(running_.begin(), running_.end(), has_id); it != running_.end()) {
    ReleaseBlocks(**it);
    running_.erase(it);
    return;
  }
  const auto it = std::find_if(waiting_.begin(), waiting_.end(), has_id);
  RETORT_CHECK(it != waiting_.end());
  waiting_.erase(it);
}

const Sequence* Scheduler::Find(int64_t id) const {
  for (const SequencePtr& sequence : running_) {
    if (sequence->id == id) return sequence.get();
  }
  for (const SequencePtr& sequence : waiting_) {
    if (sequence->id == id) return sequence.get();
  }
  return nullptr;
}

Sequence& Scheduler::Running(int64_t id) {
  const auto found = std::find_if(running_.begin(), running_.end(),
                                  [id](const SequencePtr& sequence) { return sequence->id == id; });
  RETORT_CHECK(found != running_.end());
  return **found;
}

// What block number `index` of a sequence holds once it is computed.
BlockKey Scheduler::KeyOf(const Sequence& sequence, size_t index, int32_t parent) const {
  const int32_t begin = static_cast<int32_t>(index) * options_.block_size;
  const auto first = sequence.tokens.begin() + begin;
  return {.parent = parent,
          .prompt_rows = std::clamp(sequence.prompt_tokens - begin, 0, options_.block_size),
          .tokens = {first, first + options_.block_size}};
}

// The blocks, in order, of what is computed already of a sequence's tokens but the last.
std::vector<int32_t> Scheduler::FindPrefix(const Sequence& sequence) const {
  std::vector<int32_t> blocks;
  if (!options_.prefix_cache) return blocks;
  const auto most = static_cast<size_t>((sequence.num_tokens() - 1) / options_.block_size);
  while (blocks.size() < most) {
    const int32_t parent = blocks.empty() ? kNoBlock : blocks.back();
    const std::optional<int32_t> block = index_.Find(KeyOf(sequence, blocks.size(), parent));
    if (!block) break;
    blocks.push_back(*block);
  }
  return blocks;
}

// Whether a running sequence is on the way to the block that `waiting` needs after `prefix`.
bool Scheduler::IsUnderway(const Sequence& waiting, std::span<const int32_t> prefix) const {
  const size_t index = prefix.size();
  const auto end = static_cast<int32_t>(index + 1) * options_.block_size;
  if (!options_.prefix_cache || end >= waiting.num_tokens()) return false;
  const int32_t parent = prefix.empty() ? kNoBlock : prefix.back();
  const BlockKey key = KeyOf(waiting, index, parent);
  return std::any_of(running_.begin(), running_.end(), [&](const SequencePtr& running) {
    // Computed blocks are those of the index, so equal parents are equal prefixes.
    return running->computed / options_.block_size == static_cast<int32_t>(index) &&
           running->num_tokens() >= end && (index == 0 || running->blocks[index - 1] == parent) &&
           KeyOf(*running, index, parent) == key;
  });
}

void Scheduler::AllocateBlocks(Sequence& sequence, int32_t num_tokens) {
  while (static_cast<int32_t>(sequence.blocks.size()) < BlocksFor(num_tokens)) {
    const std::optional<int32_t> block = pool_.Allocate();
    RETORT_CHECK(block.has_value());
    if (index_.Contains(*block)) index_.Erase(*block);
    sequence.blocks.push_back(*block);
  }
}

// Makes the blocks that became full findable. Where another sequence was first with the same
// contents, its block takes the place of ours: the bits are the same.
void Scheduler::IndexFullBlocks(Sequence& sequence, int32_t computed_before) {
  if (!options_.prefix_cache) return;
  const auto end = static_cast<size_t>(sequence.computed / options_.block_size);
  for (auto i = static_cast<size_t>(computed_before / options_.block_size); i < end; ++i) {
    int32_t& block = sequence.blocks[i];
    BlockKey key = KeyOf(sequence, i, i == 0 ? kNoBlock : sequence.blocks[i - 1]);
    if (const std::optional<int32_t> twin = index_.Find(key)) {
      pool_.Retain(*twin);
      pool_.Release(std::exchange(block, *twin), BlockPool::Contents::kDrop);
    } else {
      index_.Insert(block, std::move(key));
    }
  }
}

void Scheduler::ReleaseBlocks(Sequence& sequence) {
  // From the end, so that blocks are taken again before their parents, which others may share.
  while (!sequence.blocks.empty()) ReleaseLast(sequence);
  sequence.computed = 0;
}

void Scheduler::ReleaseLast(Sequence& sequence) {
  const int32_t block = sequence.blocks.back();
  pool_.Release(block,
                index_.Contains(block) ? BlockPool::Contents::kKeep : BlockPool::Contents::kDrop);
  sequence.blocks.pop_back();
}

// Gives every running sequence room for its newest token; the oldest choose first.
void Scheduler::GrowRunning() {
  for (size_t i = 0; i < running_.size(); ++i) {
    const auto missing = [&] {
      return BlocksFor(running_[i]->num_tokens()) -
             static_cast<int32_t>(running_[i]->blocks.size());
    };
    while (i < running_.size() && missing() > pool_.num_free()) PreemptYoungest();
    if (i < running_.size()) AllocateBlocks(*running_[i], running_[i]->num_tokens());
  }
}

void Scheduler::PreemptYoungest() {
  ReleaseBlocks(*running_.back());
  waiting_.push_front(std::move(running_.back()));
  running_.pop_back();
  ++num_preemptions_;
}

void Scheduler::AdmitWaiting() {
  while (!waiting_.empty() && num_running() < options_.max_running) {
    Sequence& next = *waiting_.front();
    std::vector<int32_t> prefix = FindPrefix(next);
    if (IsUnderway(next, prefix)) return;
    // One spare block for each that runs: whoever is let in does not have to leave at once.
    int32_t needed = BlocksFor(next.num_tokens()) + num_running();
    for (int32_t block : prefix) needed -= pool_.references(block) > 0 ? 1 : 0;
    if (needed > pool_.num_free()) return;
    for (int32_t block : prefix) pool_.Retain(block);
    next.computed = static_cast<int32_t>(prefix.size()) * options_.block_size;
    next.blocks = std::move(prefix);
    num_reused_tokens_ += next.computed;
    if (next.num_generated() == 0) next.cached_tokens = next.computed;
    AllocateBlocks(next, next.num_tokens());
    running_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

void Scheduler::CheckIntegrity() const {
  pool_.CheckIntegrity();
  index_.CheckIntegrity();
  RETORT_CHECK(num_running() <= options_.max_running);
  std::vector<int32_t> uses(static_cast<size_t>(options_.num_blocks), 0);
  int64_t last_id = -1;
  for (const SequencePtr& sequence : running_) {
    RETORT_CHECK(std::exchange(last_id, sequence->id) < sequence->id);
    RETORT_CHECK(sequence->computed < sequence->num_tokens());
    RETORT_CHECK(static_cast<int32_t>(sequence->blocks.size()) >= BlocksFor(sequence->computed));
    for (int32_t block : sequence->blocks) ++uses[static_cast<size_t>(block)];
    CheckIndexed(*sequence);
  }
  for (const SequencePtr& sequence : waiting_) {
    RETORT_CHECK(std::exchange(last_id, sequence->id) < sequence->id);
    RETORT_CHECK(sequence->blocks.empty() && sequence->computed == 0);
  }
  for (int32_t block = 0; block < options_.num_blocks; ++block) {
    RETORT_CHECK(uses[static_cast<size_t>(block)] == pool_.references(block));
  }
}

// What is computed is found in the index under its tokens; what is still written to is not in it
// and belongs to nobody else.
void Scheduler::CheckIndexed(const Sequence& sequence) const {
  const auto full = static_cast<size_t>(sequence.computed / options_.block_size);
  for (size_t i = 0; i < sequence.blocks.size(); ++i) {
    const int32_t block = sequence.blocks[i];
    const int32_t parent = i == 0 ? kNoBlock : sequence.blocks[i - 1];
    if (options_.prefix_cache && i < full) {
      RETORT_CHECK(index_.Find(KeyOf(sequence, i, parent)) == block);
    } else {
      RETORT_CHECK(!index_.Contains(block) && pool_.references(block) == 1);
    }
  }
}

}  // namespace retort

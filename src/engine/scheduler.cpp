#include "engine/scheduler.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace retort {

Scheduler::Scheduler(const SchedulerOptions& options)
    : options_(options), pool_(options.num_blocks) {
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

Plan Scheduler::Next() {
  GrowRunning();
  AdmitWaiting();
  Plan plan;
  int32_t decoding = 0;
  for (const SequencePtr& sequence : running_) decoding += sequence->decoding() ? 1 : 0;
  int32_t prompt_rows = options_.max_rows - decoding;
  for (const SequencePtr& sequence : running_) {
    int32_t count = 1;
    if (!sequence->decoding()) {
      count = std::min(sequence->num_pending(), prompt_rows);
      prompt_rows -= count;
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

void Scheduler::Commit(const Plan& plan, std::span<const int32_t> sampled) {
  size_t next_sample = 0;
  for (const PlanItem& item : plan.items) {
    const auto found =
        std::find_if(running_.begin(), running_.end(),
                     [&](const SequencePtr& sequence) { return sequence.get() == item.sequence; });
    RETORT_CHECK(found != running_.end());
    Sequence& sequence = **found;
    sequence.computed += item.count;
    if (!item.samples) continue;
    RETORT_CHECK(next_sample < sampled.size());
    sequence.tokens.push_back(sampled[next_sample++]);
  }
  RETORT_CHECK(next_sample == sampled.size());
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

void Scheduler::AllocateBlocks(Sequence& sequence) {
  while (static_cast<int32_t>(sequence.blocks.size()) < BlocksFor(sequence.num_tokens())) {
    const std::optional<int32_t> block = pool_.Allocate();
    RETORT_CHECK(block.has_value());
    sequence.blocks.push_back(*block);
  }
}

void Scheduler::ReleaseBlocks(Sequence& sequence) {
  for (int32_t block : sequence.blocks) pool_.Release(block);
  sequence.blocks.clear();
  sequence.computed = 0;
}

// Gives every running sequence room for its newest token; the oldest choose first.
void Scheduler::GrowRunning() {
  for (size_t i = 0; i < running_.size(); ++i) {
    const auto missing = [&] {
      return BlocksFor(running_[i]->num_tokens()) -
             static_cast<int32_t>(running_[i]->blocks.size());
    };
    while (i < running_.size() && missing() > pool_.num_free()) PreemptYoungest();
    if (i < running_.size()) AllocateBlocks(*running_[i]);
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
    // One spare block for each that runs: whoever is let in does not have to leave at once.
    const int32_t needed = BlocksFor(waiting_.front()->num_tokens()) + num_running();
    if (needed > pool_.num_free()) return;
    AllocateBlocks(*waiting_.front());
    running_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
}

void Scheduler::CheckIntegrity() const {
  pool_.CheckIntegrity();
  RETORT_CHECK(num_running() <= options_.max_running);
  std::vector<int32_t> uses(static_cast<size_t>(options_.num_blocks), 0);
  int64_t last_id = -1;
  for (const SequencePtr& sequence : running_) {
    RETORT_CHECK(std::exchange(last_id, sequence->id) < sequence->id);
    RETORT_CHECK(sequence->computed < sequence->num_tokens());
    RETORT_CHECK(static_cast<int32_t>(sequence->blocks.size()) >= BlocksFor(sequence->computed));
    for (int32_t block : sequence->blocks) ++uses[static_cast<size_t>(block)];
  }
  for (const SequencePtr& sequence : waiting_) {
    RETORT_CHECK(std::exchange(last_id, sequence->id) < sequence->id);
    RETORT_CHECK(sequence->blocks.empty() && sequence->computed == 0);
  }
  for (int32_t block = 0; block < options_.num_blocks; ++block) {
    RETORT_CHECK(uses[static_cast<size_t>(block)] == pool_.references(block));
  }
}

}  // namespace retort

#include "grammar/config_sets.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/rng.h"

namespace retort {
namespace {

constexpr size_t kMaxConfigs = 1024;  // of a set

}  // namespace

ConfigSets::ConfigSets(const Automaton& automaton) : automaton_(&automaton) {
  stacks_.emplace_back();
  sets_.emplace_back();
  rows_.assign(256, kDeadSet);
}

SetId ConfigSets::FromBytesOf(const Config& config) {
  return Intern({.configs = {config},
                 .ends = false,
                 .deepest = depth(config.stack) + automaton_->need(config.state)});
}

SetId ConfigSets::Parent(StackId stack) {
  RETORT_CHECK(stack != kEmptyStack);
  return SetOf({{stacks_[stack].state, stacks_[stack].parent}});
}

SetId ConfigSets::Compute(SetId set, uint8_t byte) {
  std::vector<Config> next;
  for (const Config& config : sets_[set].configs) {
    const std::span<const ByteEdge> edges = automaton_->bytes(config.state);
    const auto edge = std::lower_bound(
        edges.begin(), edges.end(), byte,
        [](const ByteEdge& candidate, uint8_t value) { return candidate.high < value; });
    if (edge != edges.end() && edge->low <= byte) next.push_back({edge->target, config.stack});
  }
  const SetId result = next.empty() ? kDeadSet : SetOf(std::move(next));
  rows_[(static_cast<size_t>(set) << 8) | byte] = result;
  return result;
}

// Whether a rule can still be ended within the depth that is allowed.
bool ConfigSets::Fits(const Config& config) const {
  return depth(config.stack) + automaton_->need(config.state) <= kMaxStackDepth;
}

StackId ConfigSets::Push(StackId stack, StateId state) {
  // What only returns need not be returned to.
  if (automaton_->final(state)) return stack;
  const uint64_t key = (static_cast<uint64_t>(stack) << 32) | state;
  const auto [entry, is_new] = pushed_.try_emplace(key, static_cast<StackId>(stacks_.size()));
  if (is_new) stacks_.push_back({.parent = stack, .state = state, .depth = depth(stack) + 1});
  return entry->second;
}

// Follows calls and returns to all states that wait for a byte.
SetId ConfigSets::SetOf(std::vector<Config> configs) {
  Set set;
  std::erase_if(configs, [&](const Config& config) { return !Fits(config); });
  const auto add = [&](const Config& config) {
    if (!Fits(config)) return;
    if (std::find(configs.begin(), configs.end(), config) != configs.end()) return;
    if (configs.size() == kMaxConfigs) {
      Fail(ErrorCode::kResourceExhausted,
           "the grammar can read one text in more than {} ways; write it less ambiguously",
           kMaxConfigs);
    }
    configs.push_back(config);
  };
  for (size_t i = 0; i < configs.size(); ++i) {
    const Config config = configs[i];
    set.deepest = std::max(set.deepest, depth(config.stack) + automaton_->need(config.state));
    for (const CallEdge& edge : automaton_->calls(config.state)) {
      // Where the call goes on must fit, too.
      if (!Fits({edge.target, config.stack})) continue;
      set.deepest = std::max(set.deepest, depth(config.stack) + automaton_->need(edge.target));
      add({automaton_->start(edge.rule), Push(config.stack, edge.target)});
    }
    if (!automaton_->accepting(config.state)) continue;
    if (config.stack == kEmptyStack) {
      set.ends = true;
    } else {
      add({stacks_[config.stack].state, stacks_[config.stack].parent});
    }
  }
  std::erase_if(configs, [&](const Config& c) { return automaton_->bytes(c.state).empty(); });
  if (configs.empty() && !set.ends) return kDeadSet;
  std::sort(configs.begin(), configs.end(), [](const Config& a, const Config& b) {
    return a.state < b.state || (a.state == b.state && a.stack < b.stack);
  });
  set.configs = std::move(configs);
  return Intern(std::move(set));
}

SetId ConfigSets::Intern(Set set) {
  uint64_t hash = set.ends ? 1 : 0;
  for (const Config& config : set.configs) {
    hash = Mix64(hash ^ ((static_cast<uint64_t>(config.stack) << 32) | config.state));
  }
  const auto [begin, end] = known_.equal_range(hash);
  for (auto entry = begin; entry != end; ++entry) {
    Set& other = sets_[entry->second];
    if (other.ends != set.ends || other.configs != set.configs) continue;
    other.deepest = std::max(other.deepest, set.deepest);
    return entry->second;
  }
  const auto id = static_cast<SetId>(sets_.size());
  sets_.push_back(std::move(set));
  rows_.resize(rows_.size() + 256, kUnknown);
  known_.emplace(hash, id);
  return id;
}

SetId ConfigSets::CopyTo(ConfigSets& other, SetId set) const {
  const Set& from = sets_[set];
  if (from.configs.empty() && !from.ends) return kDeadSet;
  Set copy = {.configs = {}, .ends = from.ends, .deepest = from.deepest};
  std::unordered_map<StackId, StackId> copied = {{kEmptyStack, kEmptyStack}};
  std::vector<StackId> path;
  for (const Config& config : from.configs) {
    StackId at = config.stack;
    for (; !copied.contains(at); at = stacks_[at].parent) path.push_back(at);
    StackId to = copied.at(at);
    for (; !path.empty(); path.pop_back()) {
      to = other.Push(to, stacks_[path.back()].state);
      copied.emplace(path.back(), to);
    }
    copy.configs.push_back({config.state, copied.at(config.stack)});
  }
  std::sort(copy.configs.begin(), copy.configs.end(), [](const Config& a, const Config& b) {
    return a.state < b.state || (a.state == b.state && a.stack < b.stack);
  });
  return other.Intern(std::move(copy));
}

}  // namespace retort

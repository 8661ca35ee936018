#include "serve/model_registry.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/clock.h"
#include "base/error.h"

namespace retort::serve {
namespace {

int64_t Sum(const ModelMemory& memory) {
  return memory.weights + memory.kv_cache + memory.workspace;
}

}  // namespace

std::string_view ModelStateName(ModelState state) {
  constexpr std::array<std::string_view, 4> kNames = {"unloaded", "loading", "loaded", "unloading"};
  return kNames[static_cast<size_t>(state)];
}

ModelRegistry::ModelRegistry(const RegistryOptions& options)
    : options_(options), thread_([this] { Run(); }) {}

ModelRegistry::~ModelRegistry() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ModelRegistry::Add(ModelSource source) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names = source.aliases;
  names.insert(names.begin(), source.name);
  for (const std::string& name : names) {
    if (names_.contains(name)) {
      Fail(ErrorCode::kInvalidArgument,
           "two models are called {}; give one another name, as in name=path", name);
    }
  }
  auto entry = std::make_unique<Entry>();
  entry->source = std::move(source);
  entry->ttl_s = options_.ttl_s;
  for (const std::string& name : names) names_[name] = entry.get();
  entries_.push_back(std::move(entry));
}

bool ModelRegistry::Has(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return names_.contains(name);
}

const ModelRegistry::Entry& ModelRegistry::Find(const std::string& name) const {
  if (name.empty() && !entries_.empty()) return *entries_.front();
  auto found = names_.find(name);
  // Ollama's clients name the tag, too.
  constexpr std::string_view kLatest = ":latest";
  if (found == names_.end() && name.ends_with(kLatest)) {
    found = names_.find(name.substr(0, name.size() - kLatest.size()));
  }
  if (found != names_.end()) return *found->second;
  std::string known;
  for (const auto& entry : entries_) known += (known.empty() ? "" : ", ") + entry->source.name;
  Fail(ErrorCode::kNotFound, "there is no model {}; there {} {}", name,
       entries_.size() == 1 ? "is" : "are", known.empty() ? "none" : known);
}

ModelRegistry::Entry& ModelRegistry::Find(const std::string& name) {
  return const_cast<Entry&>(std::as_const(*this).Find(name));
}

// The lock is held. The end of a lease is all that a caller's thread does for it: models are
// destroyed by the registry's thread.
ModelLease ModelRegistry::Lease(Entry& entry) {
  ++entry.leases;
  return {entry.model.get(), [this, &entry](ServedModel*) {
            const std::lock_guard lock(mutex_);
            --entry.leases;
            entry.last_used = SteadyClock().Seconds();
            changed_.notify_all();
          }};
}

void ModelRegistry::Acquire(const std::string& name, Ready ready) {
  ModelLease lease;
  try {
    const std::lock_guard lock(mutex_);
    Entry& entry = Find(name);
    if (stopping_) Fail(ErrorCode::kUnavailable, "the server is shutting down; try another one");
    if (entry.state != ModelState::kLoaded) {
      entry.waiting.push_back(std::move(ready));
      changed_.notify_all();
      return;
    }
    lease = Lease(entry);
  } catch (const Error&) {
    ready(nullptr, std::current_exception());
    return;
  }
  ready(std::move(lease), nullptr);
}

bool ModelRegistry::Unload(const std::string& name) {
  const std::lock_guard lock(mutex_);
  Entry& entry = Find(name);
  if (entry.state != ModelState::kLoaded) return false;
  entry.state = ModelState::kUnloading;
  changed_.notify_all();
  return true;
}

void ModelRegistry::SetTtl(const std::string& name, double ttl_s) {
  const std::lock_guard lock(mutex_);
  Find(name).ttl_s = ttl_s;
  changed_.notify_all();
}

ModelStatus ModelRegistry::Describe(const Entry& entry, double now) const {
  ModelStatus status;
  status.name = entry.source.name;
  status.path = entry.source.path;
  status.facts = entry.source.facts;
  status.state = entry.state;
  status.leases = entry.leases;
  status.load_s = entry.load_s;
  status.loads = entry.loads;
  status.error = entry.error;
  if (!entry.model) return status;
  status.memory = entry.model->memory();
  status.context_tokens = entry.model->context_tokens();
  status.engine = entry.model->engine().Stats();
  status.defaults = entry.model->defaults();
  status.thinking = entry.model->thinking_style();
  if (entry.leases == 0) status.idle_s = now - entry.last_used;
  if (entry.ttl_s >= 0) status.expires_s = std::max(0.0, entry.ttl_s - status.idle_s);
  return status;
}

std::vector<ModelStatus> ModelRegistry::List() const {
  const std::lock_guard lock(mutex_);
  const double now = SteadyClock().Seconds();
  std::vector<ModelStatus> list;
  for (const auto& entry : entries_) list.push_back(Describe(*entry, now));
  return list;
}

ModelStatus ModelRegistry::Status(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return Describe(Find(name), SteadyClock().Seconds());
}

bool ModelRegistry::ready() const {
  const std::lock_guard lock(mutex_);
  return !entries_.empty() && entries_.front()->loads > 0;
}

void ModelRegistry::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (stopping_) EndAll();
    if (DestroyUnused(lock)) continue;
    if (stopping_ && AllUnloaded()) return;
    const double now = SteadyClock().Seconds();
    const double wait_s = ExpireUnused(now);
    Entry* next = NextToLoad();
    if (next != nullptr && MakeRoom(*next)) {
      Load(*next, lock);
    } else if (wait_s == 0 || FindUnused() != nullptr) {
      continue;
    } else if (wait_s < 0) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::duration<double>(wait_s));
    }
  }
}

bool ModelRegistry::AllUnloaded() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const auto& entry) { return entry->state == ModelState::kUnloaded; });
}

void ModelRegistry::EndAll() {
  for (const auto& entry : entries_) {
    if (entry->state == ModelState::kLoaded) entry->state = ModelState::kUnloading;
    Refuse(*entry,
           std::make_exception_ptr(Error(ErrorCode::kUnavailable, "the server is shutting down")));
  }
}

// Those who wait hear of it without the lock being theirs to wait for: `ready` must not block.
void ModelRegistry::Refuse(Entry& entry, const std::exception_ptr& error) {
  for (const Ready& ready : std::exchange(entry.waiting, {})) ready(nullptr, error);
}

// One that is on its way out and that nobody uses any more.
ModelRegistry::Entry* ModelRegistry::FindUnused() {
  for (const auto& entry : entries_) {
    if (entry->state == ModelState::kUnloading && entry->leases == 0) return entry.get();
  }
  return nullptr;
}

bool ModelRegistry::DestroyUnused(std::unique_lock<std::mutex>& lock) {
  Entry* entry = FindUnused();
  if (entry == nullptr) return false;
  std::unique_ptr<ServedModel> model = std::move(entry->model);
  lock.unlock();
  model.reset();
  lock.lock();
  entry->state = ModelState::kUnloaded;
  return true;
}

// Seconds until the next one's time is over: 0 if one's is, negative if none's will be.
double ModelRegistry::ExpireUnused(double now) {
  double soonest = -1;
  for (const auto& entry : entries_) {
    if (entry->state != ModelState::kLoaded || entry->leases > 0 || entry->ttl_s < 0) continue;
    const double left = entry->last_used + entry->ttl_s - now;
    if (left <= 0) {
      entry->state = ModelState::kUnloading;
      return 0;
    }
    if (soonest < 0 || left < soonest) soonest = left;
  }
  return soonest;
}

ModelRegistry::Entry* ModelRegistry::NextToLoad() {
  for (const auto& entry : entries_) {
    if (entry->state == ModelState::kUnloaded && !entry->waiting.empty()) return entry.get();
  }
  return nullptr;
}

// Whether there is room for `wanted` now; if not, sees to it that there will be.
bool ModelRegistry::MakeRoom(Entry& wanted) {
  const int64_t need = wanted.source.memory_bytes;
  if (options_.memory_bytes > 0 && need > options_.memory_bytes) {
    Refuse(wanted,
           std::make_exception_ptr(
               Error(ErrorCode::kResourceExhausted,
                     fmt::format("{} takes about {} MiB and the limit for models is {} MiB; raise "
                                 "--memory, or lower --kv-tokens",
                                 wanted.source.name, need >> 20, options_.memory_bytes >> 20))));
    return false;
  }
  int64_t bytes = need;
  int32_t count = 1;
  Entry* oldest = nullptr;
  for (const auto& entry : entries_) {
    if (!entry->model) continue;
    bytes += Sum(entry->model->memory());
    ++count;
    if (entry->state != ModelState::kLoaded) continue;
    // Idle ones go before busy ones, and of these the one that was not used for the longest.
    const auto rank = [](const Entry& one) { return std::pair(one.leases > 0, one.last_used); };
    if (oldest == nullptr || rank(*entry) < rank(*oldest)) oldest = entry.get();
  }
  const bool fits = (options_.memory_bytes <= 0 || bytes <= options_.memory_bytes) &&
                    (options_.max_loaded <= 0 || count <= options_.max_loaded);
  const bool one_is_leaving = std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) {
    return entry->state == ModelState::kUnloading;
  });
  if (!fits && !one_is_leaving && oldest != nullptr) {
    oldest->state = ModelState::kUnloading;
    changed_.notify_all();
  }
  return fits;
}

void ModelRegistry::Load(Entry& entry, std::unique_lock<std::mutex>& lock) {
  entry.state = ModelState::kLoading;
  lock.unlock();
  const double start = SteadyClock().Seconds();
  std::unique_ptr<ServedModel> model;
  std::exception_ptr error;
  std::string message;
  try {
    model = entry.source.load();
  } catch (const std::exception& failure) {
    error = std::current_exception();
    message = failure.what();
  }
  lock.lock();
  entry.error = message;
  if (error) {
    entry.state = ModelState::kUnloaded;
    return Refuse(entry, error);
  }
  entry.model = std::move(model);
  entry.state = ModelState::kLoaded;
  entry.last_used = SteadyClock().Seconds();
  entry.load_s = entry.last_used - start;
  ++entry.loads;
  std::vector<std::pair<Ready, ModelLease>> told;
  for (Ready& ready : std::exchange(entry.waiting, {})) {
    told.emplace_back(std::move(ready), Lease(entry));
  }
  lock.unlock();
  for (auto& [ready, lease] : told) ready(std::move(lease), nullptr);
  told.clear();
  lock.lock();
}

}  // namespace retort::serve

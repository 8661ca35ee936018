// The models of a server by name: which there are, which are loaded, and who makes room for whom.
//
//   ModelRegistry registry({.memory_bytes = 16 << 30});
//   registry.Add({.name = "r1", .load = [] { return std::make_shared<ServedModel>(...); }});
//   registry.Acquire("r1", [](ModelLease model, std::exception_ptr error) { ... });
//
// A model is loaded when it is first asked for, one at a time, in a thread of the registry's own.
// Where memory would not hold one more, those that were not used for the longest go first. A model
// that is being used stays until its last lease is gone, whatever was decided meanwhile: nobody's
// answer is cut. A model that nobody has used for its time to live is unloaded.
//
// `ready` is called at once if the model is there, else by the registry's thread, with either a
// model or an error: kNotFound for a name that does not exist, kResourceExhausted with figures for
// a model that can never fit, and what loading throws. It must not block, throw, or call the
// registry. Thread-safe. The destructor waits for leases to end.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "runtime/model_facts.h"
#include "serve/served_model.h"

namespace retort::serve {

// While one lives, the model stays. May be dropped in any thread.
using ModelLease = std::shared_ptr<ServedModel>;

struct ModelSource {
  std::string name;
  std::vector<std::string> aliases = {};  // other names that mean it
  std::string path = {};                  // for people
  ModelFacts facts = {};                  // of its file
  int64_t memory_bytes = 0;               // that it is expected to take; 0: unknown
  std::function<std::unique_ptr<ServedModel>()> load = {};
};

enum class ModelState : uint8_t { kUnloaded, kLoading, kLoaded, kUnloading };
std::string_view ModelStateName(ModelState state);  // "unloaded", "loading", ...

// One model, at one moment.
struct ModelStatus {
  std::string name;
  std::string path;
  ModelFacts facts;
  ModelState state = ModelState::kUnloaded;
  ModelMemory memory = {};                        // of a loaded one
  int64_t context_tokens = 0;                     // likewise
  EngineStats engine = {};                        // likewise
  GenerationDefaults defaults = {};               // likewise
  ThinkingStyle thinking = ThinkingStyle::kNone;  // likewise
  int64_t leases = 0;
  double idle_s = 0;       // since the last lease ended
  double expires_s = -1;   // until it is unloaded; negative: never
  double load_s = 0;       // that loading took
  int64_t loads = 0;       // so far
  std::string error = {};  // of the last attempt to load
};

struct RegistryOptions {
  int64_t memory_bytes = 0;  // of all loaded models together; 0: no limit
  int32_t max_loaded = 0;    // models at once; 0: no limit
  double ttl_s = -1;         // unused for so long: unloaded; negative: never
};

class ModelRegistry {
 public:
  using Ready = std::function<void(ModelLease, std::exception_ptr)>;

  explicit ModelRegistry(const RegistryOptions& options);
  ~ModelRegistry();
  ModelRegistry(const ModelRegistry&) = delete;
  ModelRegistry& operator=(const ModelRegistry&) = delete;

  // Throws kInvalidArgument for a name or alias that is taken.
  void Add(ModelSource source);
  bool Has(const std::string& name) const;
  // An empty name means the first model.
  void Acquire(const std::string& name, Ready ready);
  // Unloads it once nobody uses it; requests that come afterwards load it again. False: it was not
  // loaded. Throws kNotFound.
  bool Unload(const std::string& name);
  // From now on this time to live instead of the options' one.
  void SetTtl(const std::string& name, double ttl_s);

  std::vector<ModelStatus> List() const;
  ModelStatus Status(const std::string& name) const;  // throws kNotFound
  // Whether the first model is loaded: the server can answer.
  bool ready() const;

 private:
  struct Entry {
    ModelSource source;
    ModelState state = ModelState::kUnloaded;
    std::unique_ptr<ServedModel> model;
    double last_used = 0;  // SteadyClock
    double ttl_s = -1;
    double load_s = 0;
    int64_t loads = 0;
    int64_t leases = 0;
    std::vector<Ready> waiting = {};
    std::string error = {};
  };

  Entry& Find(const std::string& name);
  const Entry& Find(const std::string& name) const;
  ModelLease Lease(Entry& entry);
  ModelStatus Describe(const Entry& entry, double now) const;
  static void Refuse(Entry& entry, const std::exception_ptr& error);
  // The registry's thread, with the lock held.
  void Run();
  void EndAll();
  bool AllUnloaded() const;
  Entry* FindUnused();
  bool DestroyUnused(std::unique_lock<std::mutex>& lock);
  double ExpireUnused(double now);
  Entry* NextToLoad();
  bool MakeRoom(Entry& wanted);
  void Load(Entry& entry, std::unique_lock<std::mutex>& lock);

  const RegistryOptions options_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::map<std::string, Entry*> names_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace retort::serve

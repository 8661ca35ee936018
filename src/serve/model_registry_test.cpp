#include "serve/model_registry.h"

#include <gtest/gtest.h>

#include <future>

#include "net/test_sockets.h"
#include "serve/test_models.h"
#include "tests/support/expect_error.h"

namespace retort::serve {
namespace {

using net::Eventually;

// Waits for the model, or throws why there is none.
ModelLease Get(ModelRegistry& registry, const std::string& name) {
  std::promise<ModelLease> promise;
  registry.Acquire(name, [&](ModelLease lease, std::exception_ptr error) {
    if (error) return promise.set_exception(error);
    promise.set_value(std::move(lease));
  });
  return promise.get_future().get();
}

ModelState StateOf(const ModelRegistry& registry, const std::string& name) {
  return registry.Status(name).state;
}

TEST(ModelRegistry, LoadsAModelOnceWhenItIsAskedFor) {
  TestModels models;
  ModelRegistry registry({});
  registry.Add(models.Source("a"));
  EXPECT_EQ(StateOf(registry, "a"), ModelState::kUnloaded);
  EXPECT_FALSE(registry.ready());
  const ModelLease first = Get(registry, "a");
  const ModelLease second = Get(registry, "");
  EXPECT_EQ(first.get(), second.get());
  EXPECT_EQ(first->name(), "a");
  EXPECT_EQ(models.loads, 1);
  EXPECT_EQ(registry.Status("a").leases, 2);
  EXPECT_TRUE(registry.ready());
}

TEST(ModelRegistry, KnowsNamesAliasesAndTags) {
  TestModels models;
  ModelRegistry registry({});
  ModelSource source = models.Source("a");
  source.aliases = {"folder/a.gguf"};
  registry.Add(std::move(source));
  EXPECT_EQ(registry.Status("folder/a.gguf").name, "a");
  EXPECT_EQ(registry.Status("a:latest").name, "a");
  ExpectError(ErrorCode::kNotFound, {"there is no model b; there is a"},
              [&] { registry.Status("b"); });
  ExpectError(ErrorCode::kNotFound, {"there is no model b"}, [&] { Get(registry, "b"); });
  ExpectError(ErrorCode::kInvalidArgument, {"two models are called a"},
              [&] { registry.Add(models.Source("a")); });
}

TEST(ModelRegistry, TellsWhyLoadingFailedAndTriesAgain) {
  TestModels models;
  models.fail = true;
  ModelRegistry registry({});
  registry.Add(models.Source("a"));
  ExpectError(ErrorCode::kCorrupt, {"it is broken"}, [&] { Get(registry, "a"); });
  EXPECT_EQ(registry.Status("a").error, "a.gguf: it is broken; get the file anew");
  models.fail = false;
  EXPECT_NE(Get(registry, "a"), nullptr);
  EXPECT_EQ(registry.Status("a").error, "");
}

TEST(ModelRegistry, AnUnloadedModelStaysUntilItsLastUserIsGone) {
  TestModels models;
  ModelRegistry registry({});
  registry.Add(models.Source("a"));
  ModelLease user = Get(registry, "a");
  EXPECT_TRUE(registry.Unload("a"));
  EXPECT_FALSE(registry.Unload("a")) << "on its way already";
  EXPECT_EQ(StateOf(registry, "a"), ModelState::kUnloading);
  EXPECT_EQ(user->generator().Complete("x", {.max_tokens = 1})->result().prompt_tokens, 1);
  user.reset();
  EXPECT_TRUE(Eventually([&] { return StateOf(registry, "a") == ModelState::kUnloaded; }));
  EXPECT_NE(Get(registry, "a"), nullptr);
  EXPECT_EQ(models.loads, 2);
}

TEST(ModelRegistry, TheOneUnusedForTheLongestMakesRoom) {
  TestModels models;
  ModelRegistry registry({.max_loaded = 2});
  for (const char* name : {"a", "b", "c"}) registry.Add(models.Source(name));
  Get(registry, "a");
  Get(registry, "b");
  Get(registry, "a");
  Get(registry, "c");
  EXPECT_EQ(StateOf(registry, "a"), ModelState::kLoaded);
  EXPECT_EQ(StateOf(registry, "b"), ModelState::kUnloaded);
  EXPECT_EQ(StateOf(registry, "c"), ModelState::kLoaded);
}

TEST(ModelRegistry, ASwapWaitsForThoseWhoUseTheOther) {
  TestModels models;
  ModelRegistry registry({.max_loaded = 1});
  registry.Add(models.Source("a"));
  registry.Add(models.Source("b"));
  ModelLease user = Get(registry, "a");
  auto swapped = std::async(std::launch::async, [&] { return Get(registry, "b"); });
  EXPECT_TRUE(Eventually([&] { return StateOf(registry, "a") == ModelState::kUnloading; }));
  EXPECT_EQ(swapped.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  user.reset();
  EXPECT_EQ(swapped.get()->name(), "b");
  EXPECT_EQ(StateOf(registry, "a"), ModelState::kUnloaded);
}

TEST(ModelRegistry, RefusesWhatCanNeverFit) {
  TestModels models;
  ModelRegistry registry({.memory_bytes = 10 << 20});
  ModelSource source = models.Source("a");
  source.memory_bytes = 20 << 20;
  registry.Add(std::move(source));
  ExpectError(ErrorCode::kResourceExhausted,
              {"a takes about 20 MiB and the limit for models is 10 MiB"},
              [&] { Get(registry, "a"); });
  EXPECT_EQ(models.loads, 0);
}

TEST(ModelRegistry, UnloadsWhatWasNotUsedForItsTimeToLive) {
  TestModels models;
  ModelRegistry registry({.ttl_s = 0.02});
  registry.Add(models.Source("a"));
  {
    const ModelLease user = Get(registry, "a");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    EXPECT_EQ(StateOf(registry, "a"), ModelState::kLoaded) << "it is being used";
  }
  EXPECT_TRUE(Eventually([&] { return StateOf(registry, "a") == ModelState::kUnloaded; }));
  registry.SetTtl("a", -1);
  Get(registry, "a");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(StateOf(registry, "a"), ModelState::kLoaded);
}

TEST(ModelRegistry, ManyAskAtOnce) {
  TestModels models;
  ModelRegistry registry({.max_loaded = 1});
  registry.Add(models.Source("a"));
  registry.Add(models.Source("b"));
  std::vector<std::future<void>> users;
  for (int i = 0; i < 40; ++i) {
    users.push_back(std::async(std::launch::async, [&registry, i] {
      const std::string name = i % 2 == 0 ? "a" : "b";
      EXPECT_EQ(Get(registry, name)->name(), name);
    }));
  }
  for (auto& user : users) user.get();
  EXPECT_EQ(registry.Status("a").leases + registry.Status("b").leases, 0);
}

}  // namespace
}  // namespace retort::serve

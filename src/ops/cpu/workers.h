// The threads of a CPU backend, with what each needs for itself.
//
//   Workers workers(2);
//   workers.ForEach(items, elements, [&](int thread, int64_t i) { ... workers.Scratch(thread) ...
//   });
//
// One caller at a time.
#pragma once

#include <algorithm>
#include <atomic>
#include <vector>

#include "base/thread_pool.h"
#include "ops/cpu/kernels.h"
#include "ops/host_memory.h"

namespace retort::cpu {

class Workers {
 public:
  explicit Workers(int num_threads) : pool_(num_threads) {
    constexpr int64_t kFloats =
        std::max({kMatMulScratch, kPromptScratch, kInt8Scratch, kAttentionScratch});
    for (int i = 0; i < num_threads; ++i) {
      scratch_.push_back(NewHostTensor(DType::kF32, {kFloats}));
    }
  }

  int num_threads() const { return pool_.num_threads(); }
  // Work space of a thread, enough for any kernel.
  float* Scratch(int thread) { return scratch_[static_cast<size_t>(thread)].view().f32(); }

  // body(thread, item) for items 0 .. count-1, taken by whichever thread is free; by the caller
  // alone if `elements`, all that is to be touched, are few.
  template <class Body>
  void ForEach(int64_t count, int64_t elements, const Body& body) {
    if (count == 1 || elements < kSerialElements) {
      for (int64_t i = 0; i < count; ++i) body(0, i);
      return;
    }
    std::atomic<int64_t> next{0};
    pool_.Run([&](int thread, int) {
      for (int64_t i = next++; i < count; i = next++) body(thread, i);
    });
  }

 private:
  // Work below this many elements is not worth waking other threads for.
  static constexpr int64_t kSerialElements = 16384;

  ThreadPool pool_;
  std::vector<Tensor> scratch_;  // by thread
};

}  // namespace retort::cpu

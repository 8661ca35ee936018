#include "lab/compare/gated_model.h"

namespace retort {

void GatedModel::Open() {
  {
    std::lock_guard lock(mutex_);
    open_ = true;
  }
  changed_.notify_all();
}

void GatedModel::Close() {
  std::unique_lock lock(mutex_);
  open_ = false;
  changed_.wait(lock, [this] { return !stepping_; });
}

std::span<const float> GatedModel::Forward(const Batch& batch) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
    stepping_ = true;
  }
  // Also when the step throws: Close must not wait for a step that is over.
  struct Done {
    GatedModel& gate;
    ~Done() {
      {
        std::lock_guard lock(gate.mutex_);
        gate.stepping_ = false;
      }
      gate.changed_.notify_all();
    }
  } done{*this};
  return model_.Forward(batch);
}

}  // namespace retort

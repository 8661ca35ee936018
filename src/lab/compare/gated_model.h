// A language model that can be held between two steps, so that several processes can take turns on
// the same cores while their engines keep their running requests.
//
//   GatedModel gated(model->language_model());
//   Engine engine(gated, {});
//   gated.Open();   ... the engine steps ...
//   gated.Close();  // returns once no step is running
//
// Closed at first. Open before the engine is destroyed, or its thread waits for ever. Open and
// Close may be called from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <span>

#include "model/language_model.h"

namespace retort {

class GatedModel : public LanguageModel {
 public:
  explicit GatedModel(LanguageModel& model) : model_(model) {}

  void Open();
  void Close();

  int64_t vocab_size() const override { return model_.vocab_size(); }
  int64_t max_positions() const override { return model_.max_positions(); }
  KvGeometry kv_geometry() const override { return model_.kv_geometry(); }
  int32_t max_rows() const override { return model_.max_rows(); }
  std::span<const float> Forward(const Batch& batch) override;

 private:
  LanguageModel& model_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool stepping_ = false;
};

}  // namespace retort

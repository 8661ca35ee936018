// For tests of serve: models without files that answer what is written here, fast or slow.
//
//   TestModels models;
//   models.Say("1+1?", "adding</think>2");        // thought and answer to that question
//   Service service(options, {models.Source("r1")});
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/scripted_model.h"
#include "serve/model_registry.h"
#include "tests/support/byte_tokenizer.h"

namespace retort::serve {

// A step with this byte fails as a whole; and of one that is given the other, only its row does:
// its logits are not numbers.
inline constexpr int32_t kStepFails = 1;
inline constexpr int32_t kRowFails = 2;

// Steps as another model does, each at least so long; while `held` it does not step at all.
class SlowModel : public LanguageModel {
 public:
  SlowModel(LanguageModel& model, const std::atomic<double>& step_s, const std::atomic<bool>& held)
      : model_(model), step_s_(step_s), held_(held) {}

  int64_t vocab_size() const override { return model_.vocab_size(); }
  int64_t max_positions() const override { return model_.max_positions(); }
  KvGeometry kv_geometry() const override { return model_.kv_geometry(); }
  int32_t max_rows() const override { return model_.max_rows(); }
  std::span<const float> Forward(const Batch& batch) override {
    while (held_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::duration<double>(step_s_.load()));
    const std::span<const float> logits = model_.Forward(batch);
    if (std::ranges::count(batch.tokens, kStepFails) > 0) throw std::bad_alloc();
    logits_.assign(logits.begin(), logits.end());
    const auto width = static_cast<size_t>(vocab_size());
    for (size_t i = 0; i < batch.logit_rows.size(); ++i) {
      if (batch.tokens[static_cast<size_t>(batch.logit_rows[i])] != kRowFails) continue;
      std::fill_n(logits_.begin() + static_cast<ptrdiff_t>(i * width), width, std::nanf(""));
    }
    return logits_;
  }

 private:
  LanguageModel& model_;
  std::vector<float> logits_;  // [R, V]
  const std::atomic<double>& step_s_;
  const std::atomic<bool>& held_;
};

class TestModels {
 public:
  // The template refuses the message "refused".
  TestModels() : template_(kRefusals + std::string(kThinkingTemplate), "test") {}

  // What to answer to a question that stands alone, from the open <think> on.
  void Say(const std::string& question, const std::string& continuation) {
    SayTo("<|user|>" + question + "<|assistant|><think>\n", continuation + "<|end|>");
  }
  void SayTo(const std::string& prompt, const std::string& continuation) {
    scripts_.push_back(
        {.prompt = tokenizer_.Encode(prompt), .continuation = tokenizer_.Encode(continuation)});
  }

  ModelSource Source(const std::string& name) {
    ModelSource source{.name = name, .path = name + ".gguf", .memory_bytes = 100};
    source.load = [this, name] {
      ++loads;
      if (fail) Fail(ErrorCode::kCorrupt, "{}.gguf: it is broken; get the file anew", name);
      scripted_.push_back(std::make_unique<ScriptedModel>(
          scripts_, ScriptedModelOptions{.vocab_size = kByteVocabulary,
                                         .eos = kEndToken,
                                         .max_positions = context,
                                         .kv = {.block_size = 16, .num_blocks = kv_blocks}}));
      slow_.push_back(std::make_unique<SlowModel>(*scripted_.back(), step_s, held));
      const ModelParts parts{.language_model = *slow_.back(),
                             .tokenizer = tokenizer_,
                             .chat_template = &template_,
                             .tool_style = ToolCallStyle::kHermes};
      return std::make_unique<ServedModel>(
          name, parts, EngineOptions{.max_running = max_running, .max_draft_tokens = 0});
    };
    return source;
  }

  const Tokenizer& tokenizer() const { return tokenizer_; }

  int64_t context = 4000;
  int32_t kv_blocks = 4096;
  int32_t max_running = 64;
  std::atomic<double> step_s = 0;
  std::atomic<bool> held = false;
  std::atomic<bool> fail = false;
  std::atomic<int> loads = 0;

 private:
  static constexpr const char* kRefusals =
      "{%- if messages[0].content == 'refused' %}{{ raise_exception('not this') }}{% endif -%}";

  Tokenizer tokenizer_ = MakeByteTokenizer();
  ChatTemplate template_;
  std::vector<Script> scripts_;
  std::vector<std::unique_ptr<ScriptedModel>> scripted_;
  std::vector<std::unique_ptr<SlowModel>> slow_;
};

}  // namespace retort::serve

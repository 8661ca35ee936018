#include "serve/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <numeric>
#include <sstream>
#include <utility>

#include "base/energy_meter.h"

namespace retort::serve {
namespace {

using Labels = std::map<std::string, std::string>;
using Buckets = prometheus::Histogram::BucketBoundaries;

// vLLM's, so that its dashboards fit.
const Buckets kFirstToken = {0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75,
                             1,     2.5,   5,    7.5,  10,   20,   40,   80,  160,  640, 2560};
const Buckets kWhole = {0.3, 0.5, 0.8, 1,  1.5, 2,   2.5, 5,   10,   15,  20,
                        30,  40,  50,  60, 120, 240, 480, 960, 1920, 7680};
const Buckets kPerToken = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2,
                           0.3,   0.4,    0.5,   0.75, 1,     2.5,  5,     7.5, 10};
const Buckets kTokens = {1,   2,    5,    10,   20,    50,    100,   200,
                         500, 1000, 2000, 5000, 10000, 20000, 50000, 100000};

}  // namespace

struct Metrics::Impl {
  template <class Families, class Builder>
  auto& Family(Families& families, Builder builder, const std::string& name, const char* help) {
    auto found = families.find(name);
    if (found == families.end()) {
      found = families.emplace(name, &builder.Name(name).Help(help).Register(*registry)).first;
    }
    return *found->second;
  }

  template <class Kind, class... More>
  Kind& Of(const std::string& name, const char* help, const Labels& labels, More&&... more) {
    const std::lock_guard lock(mutex);
    if constexpr (std::is_same_v<Kind, prometheus::Counter>) {
      auto& family = Family(counters, prometheus::BuildCounter(), name, help);
      return family.Add(labels, std::forward<More>(more)...);
    } else if constexpr (std::is_same_v<Kind, prometheus::Gauge>) {
      auto& family = Family(gauges, prometheus::BuildGauge(), name, help);
      return family.Add(labels, std::forward<More>(more)...);
    } else {
      auto& family = Family(histograms, prometheus::BuildHistogram(), name, help);
      return family.Add(labels, std::forward<More>(more)...);
    }
  }

  void Count(const std::string& name, const char* help, const Labels& labels, double by = 1) {
    Of<prometheus::Counter>(name, help, labels).Increment(by);
  }
  // Of a counter that somebody else keeps, which begins anew when a model is loaded again.
  void CountTo(const std::string& name, const char* help, const Labels& labels, double value) {
    double& before = seen[{name, labels}];
    Count(name, help, labels, value >= before ? value - before : value);
    before = value;
  }
  void Set(const std::string& name, const char* help, const Labels& labels, double value) {
    Of<prometheus::Gauge>(name, help, labels).Set(value);
  }
  void Observe(const std::string& name, const char* help, const Labels& labels,
               const Buckets& buckets, double value) {
    Of<prometheus::Histogram>(name, help, labels, buckets).Observe(value);
  }

  void CountChoice(const Labels& model, const GenerationResult& result);
  void TimeChoice(const Labels& model, const GenerationResult& result);
  void SetModel(const ModelStatus& status);
  void SetServer(const net::ServerCounters& server);

  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  std::mutex mutex;
  std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> gauges;
  std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
  std::mutex text_mutex;  // of Text, and what follows
  EnergyMeter energy;
  std::map<std::pair<std::string, Labels>, double> seen;
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::Impl::CountChoice(const Labels& model, const GenerationResult& result) {
  Labels finished = model;
  finished["finished_reason"] = FinishReasonName(result.finish);
  Count("vllm:request_success_total", "Answers by how they ended", finished);
  Count("vllm:generation_tokens_total", "Generated tokens", model, result.generated_tokens);
  Count("retort_reasoning_tokens_total", "Generated tokens of thoughts, with their tags", model,
        result.reasoning_tokens);
  if (result.ended_in_reasoning) {
    Count("retort_reasoning_truncated_total", "Answers that ended inside their thought", model);
  }
  if (result.thinking_end != ThinkingEnd::kNone) {
    Labels ended = model;
    ended["end"] = ThinkingEndName(result.thinking_end);
    Count("retort_thinking_ended_total", "Thoughts by what ended them", ended);
  }
  const bool looped = result.thinking_end == ThinkingEnd::kLoop;
  if (looped || result.finish == FinishReason::kLoop) {
    Labels action = model;
    action["action"] = looped ? "close_think" : "stop";
    Count("retort_loop_closed_total", "Loops that were ended", action);
  }
}

void Metrics::Impl::TimeChoice(const Labels& model, const GenerationResult& result) {
  if (result.generated_tokens == 0) return;
  Observe("vllm:time_to_first_token_seconds", "From submission to the first token of any kind",
          model, kFirstToken, result.first_token_s);
  if (result.first_answer_s > 0) {
    Observe("retort_time_to_first_answer_token_seconds",
            "From submission to the first word of the answer", model, kWhole,
            result.first_answer_s);
  }
  if (result.reasoning_tokens > 0) {
    Observe("retort_think_duration_seconds", "From the first token to the end of the thought",
            model, kWhole, result.thinking_s);
  }
  Observe("vllm:e2e_request_latency_seconds", "From submission to the last token", model, kWhole,
          result.total_s);
  if (result.generated_tokens > 1) {
    Observe("vllm:request_time_per_output_token_seconds",
            "Time after the first token over the tokens after it", model, kPerToken,
            (result.total_s - result.first_token_s) / (result.generated_tokens - 1));
  }
  Observe("vllm:request_generation_tokens", "Generated tokens of an answer", model, kTokens,
          result.generated_tokens);
}

void Metrics::Ended(const JobReport& report) {
  const Labels model = {{"model_name", report.model}};
  for (const GenerationResult& result : report.choices) {
    impl_->CountChoice(model, result);
    impl_->TimeChoice(model, result);
  }
  if (report.choices.empty()) return;
  const GenerationResult& first = report.choices.front();
  impl_->Count("vllm:prompt_tokens_total", "Tokens of prompts", model, first.prompt_tokens);
  impl_->Count("retort_cached_prompt_tokens_total", "Of these, that needed no computing", model,
               first.cached_tokens);
  impl_->Observe("vllm:request_prompt_tokens", "Tokens of a prompt", model, kTokens,
                 first.prompt_tokens);
  impl_->Observe("vllm:request_params_n", "Answers asked for", model, Buckets{1, 2, 5, 10, 20, 64},
                 report.num_choices);
  if (report.client_gone) {
    impl_->Count("retort_clients_gone_total", "Clients that went away before their answer ended",
                 model);
  }
}

std::function<void(double, int32_t)> Metrics::TokenTimer(const std::string& model) {
  auto& between = impl_->Of<prometheus::Histogram>("vllm:inter_token_latency_seconds",
                                                   "Between tokens of an answer",
                                                   {{"model_name", model}}, kPerToken);
  return [&between](double seconds, int32_t tokens) {
    for (int32_t i = 0; i < tokens; ++i) between.Observe(seconds / tokens);
  };
}

void Metrics::Refused(const std::string& reason) {
  impl_->Count("retort_queue_rejected_total", "Requests that were not taken", {{"reason", reason}});
}

std::string Metrics::Text(const std::vector<ModelStatus>& models,
                          const net::ServerCounters& server) {
  const std::lock_guard lock(impl_->text_mutex);
  for (const ModelStatus& status : models) impl_->SetModel(status);
  impl_->SetServer(server);
  if (const auto joules = impl_->energy.Joules()) {
    impl_->CountTo("retort_energy_joules_total",
                   "What the processors used, other programs included", {}, *joules);
  }
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, impl_->registry->Collect());
  return out.str();
}

void Metrics::Impl::SetModel(const ModelStatus& status) {
  const Labels model = {{"model_name", status.name}};
  const EngineStats& engine = status.engine;
  Set("vllm:num_requests_running", "Answers being generated", model, engine.running);
  Set("vllm:num_requests_waiting", "Answers waiting for their turn", model, engine.waiting);
  const double used = engine.total_blocks - engine.free_blocks;
  Set("vllm:kv_cache_usage_perc", "Share of the KV cache in use, 0 to 1", model,
      engine.total_blocks == 0 ? 0 : used / engine.total_blocks);
  CountTo("vllm:num_preemptions_total", "Answers put back for want of KV cache", model,
          static_cast<double>(engine.preemptions));
  CountTo("vllm:prefix_cache_hits_total", "Prompt tokens found in the cache", model,
          static_cast<double>(engine.reused_tokens));
  CountTo("vllm:prefix_cache_queries_total", "Prompt tokens looked for in the cache", model,
          static_cast<double>(engine.reused_tokens + engine.prompt_tokens));
  CountTo("vllm:spec_decode_num_draft_tokens_total", "Tokens computed ahead", model,
          static_cast<double>(engine.drafted_tokens));
  CountTo("vllm:spec_decode_num_accepted_tokens_total", "Of these, that came true", model,
          static_cast<double>(engine.accepted_tokens));
  Set("retort_kv_bytes", "Memory of the KV cache", model,
      static_cast<double>(status.memory.kv_cache));
  Set("retort_weight_bytes", "Memory of the weights", model,
      static_cast<double>(status.memory.weights));
  Set("retort_model_loaded", "1 where a model is loaded", model,
      status.state == ModelState::kLoaded ? 1 : 0);
}

void Metrics::Impl::SetServer(const net::ServerCounters& server) {
  Set("retort_http_connections", "Open connections", {},
      static_cast<double>(server.connections_open));
  for (size_t digit = 1; digit < server.responses.size(); ++digit) {
    CountTo("retort_http_responses_total", "Answers by the first digit of their status",
            {{"status", std::to_string(digit) + "xx"}},
            static_cast<double>(server.responses[digit]));
  }
  CountTo("retort_http_slow_readers_closed_total", "Clients that did not take their bytes", {},
          static_cast<double>(server.slow_readers_closed));
}

}  // namespace retort::serve

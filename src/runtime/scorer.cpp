#include "runtime/scorer.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/error.h"
#include "model/batch.h"

namespace retort {
namespace {

constexpr int32_t kChunkRows = 64;  // every row's logits are wanted: bounds their memory
constexpr size_t kTop = 64;

using Logits = std::span<const float>;  // [V]

double LogSumExp(Logits logits) {
  const double max = *std::ranges::max_element(logits);
  double sum = 0;
  for (float logit : logits) sum += std::exp(static_cast<double>(logit) - max);
  return max + std::log(sum);
}

int32_t ArgMax(Logits logits) {
  return static_cast<int32_t>(std::ranges::max_element(logits) - logits.begin());
}

std::vector<std::pair<int32_t, float>> Top(Logits logits) {
  std::vector<int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const size_t count = std::min(kTop, order.size());
  const auto greater = [&logits](int32_t a, int32_t b) {
    const float x = logits[static_cast<size_t>(a)];
    const float y = logits[static_cast<size_t>(b)];
    return x != y ? x > y : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    greater);
  std::vector<std::pair<int32_t, float>> top;
  for (size_t i = 0; i < count; ++i) {
    top.emplace_back(order[i], logits[static_cast<size_t>(order[i])]);
  }
  return top;
}

// `tokens` at positions `first` and up of the one sequence there is, all logits wanted.
Batch MakeBatch(std::span<const int32_t> tokens, int32_t first, RowRole role, int32_t block_size) {
  const auto rows = static_cast<int32_t>(tokens.size());
  Batch batch;
  batch.tokens.assign(tokens.begin(), tokens.end());
  batch.roles.assign(tokens.size(), role);
  batch.query_start = {0, rows};
  batch.kv_len = {first + rows};
  batch.block_stride = (first + rows + block_size - 1) / block_size;
  batch.block_table.resize(static_cast<size_t>(batch.block_stride));
  std::iota(batch.block_table.begin(), batch.block_table.end(), 0);
  batch.positions.resize(tokens.size());
  std::iota(batch.positions.begin(), batch.positions.end(), first);
  batch.logit_rows.resize(tokens.size());
  std::iota(batch.logit_rows.begin(), batch.logit_rows.end(), 0);
  return batch;
}

// Runs `ids` through the model and calls visit(position, logits) for each position in order.
void ForEachPosition(LanguageModel& model, std::span<const int32_t> ids, int32_t first,
                     RowRole role, const std::function<void(size_t, Logits)>& visit) {
  const auto vocabulary = static_cast<size_t>(model.vocab_size());
  const auto chunk =
      static_cast<size_t>(role == RowRole::kGenerated ? 1 : std::min(kChunkRows, model.max_rows()));
  for (size_t begin = 0; begin < ids.size(); begin += chunk) {
    const std::span<const int32_t> tokens = ids.subspan(begin, std::min(chunk, ids.size() - begin));
    const auto position = first + static_cast<int32_t>(begin);
    const Logits logits =
        model.Forward(MakeBatch(tokens, position, role, model.kv_geometry().block_size));
    for (size_t row = 0; row < tokens.size(); ++row) {
      visit(begin + row, logits.subspan(row * vocabulary, vocabulary));
    }
  }
}

void CheckIds(const char* field, std::span<const int32_t> ids, int64_t vocab_size) {
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || ids[i] >= vocab_size) {
      Fail(ErrorCode::kInvalidArgument, "{}[{}] is {}, must be 0 to {}", field, i, ids[i],
           vocab_size - 1);
    }
  }
}

void Check(const LanguageModel& model, const ScoreRequest& request) {
  if (request.ids.empty()) {
    Fail(ErrorCode::kInvalidArgument, "ids is empty, at least one token is needed");
  }
  CheckIds("ids", request.ids, model.vocab_size());
  CheckIds("probe_ids", request.probe_ids, model.vocab_size());
  if (request.greedy_tokens < 0) {
    Fail(ErrorCode::kInvalidArgument, "greedy is {}, must be at least 0", request.greedy_tokens);
  }
  const int64_t tokens = std::ssize(request.ids) + request.greedy_tokens;
  if (tokens > model.max_positions()) {
    Fail(ErrorCode::kResourceExhausted,
         "{} tokens ({} given, {} greedy) are more than the {} that model and cache hold", tokens,
         request.ids.size(), request.greedy_tokens, model.max_positions());
  }
}

}  // namespace

ScoreResult Score(LanguageModel& model, const ScoreRequest& request) {
  Check(model, request);
  const std::vector<int32_t>& ids = request.ids;
  ScoreResult result;
  ForEachPosition(model, ids, 0, request.role, [&](size_t i, Logits logits) {
    result.argmax.push_back(ArgMax(logits));
    const double logsumexp = LogSumExp(logits);
    if (i + 1 < ids.size()) {
      result.nll.push_back(logsumexp -
                           static_cast<double>(logits[static_cast<size_t>(ids[i + 1])]));
      return;
    }
    result.logsumexp = logsumexp;
    result.top = Top(logits);
    for (int32_t id : request.probe_ids) {
      result.probe_logits.push_back(logits[static_cast<size_t>(id)]);
    }
  });
  if (!result.nll.empty()) {
    result.mean_nll = std::accumulate(result.nll.begin(), result.nll.end(), 0.0) /
                      static_cast<double>(result.nll.size());
  }
  int32_t next = result.argmax.back();
  while (std::ssize(result.greedy) < request.greedy_tokens) {
    const auto position = static_cast<int32_t>(ids.size() + result.greedy.size());
    result.greedy.push_back(next);
    if (std::ssize(result.greedy) == request.greedy_tokens) break;
    ForEachPosition(model, {&result.greedy.back(), 1}, position, RowRole::kGenerated,
                    [&](size_t, Logits logits) { next = ArgMax(logits); });
  }
  return result;
}

Perplexity MeasurePerplexity(LanguageModel& model, std::span<const int32_t> ids, int32_t window,
                             RowRole role) {
  if (window < 2 || window > model.max_positions()) {
    Fail(ErrorCode::kInvalidArgument, "window is {}, must be 2 to {}", window,
         model.max_positions());
  }
  if (ids.size() < 2) {
    Fail(ErrorCode::kInvalidArgument, "{} tokens of text, at least 2 are needed", ids.size());
  }
  CheckIds("ids", ids, model.vocab_size());
  double sum = 0;
  double sum_of_squares = 0;
  int64_t tokens = 0;
  const auto step = static_cast<size_t>(window);
  for (size_t begin = 0; begin + 1 < ids.size(); begin += step) {
    const std::span<const int32_t> part = ids.subspan(begin, std::min(step, ids.size() - begin));
    ForEachPosition(model, part, 0, role, [&](size_t i, Logits logits) {
      if (i + 1 == part.size()) return;
      const double logit = logits[static_cast<size_t>(part[i + 1])];
      const double nll = LogSumExp(logits) - logit;
      sum += nll;
      sum_of_squares += nll * nll;
      ++tokens;
    });
  }
  const auto count = static_cast<double>(tokens);
  const double mean = sum / count;
  const double variance =
      tokens > 1 ? std::max(0.0, (sum_of_squares - count * mean * mean) / (count - 1)) : 0;
  const double perplexity = std::exp(mean);
  return {.perplexity = perplexity,
          .standard_error = perplexity * std::sqrt(variance / count),
          .mean_nll = mean,
          .tokens = tokens};
}

}  // namespace retort

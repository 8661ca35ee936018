#include "serve/generation_job.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "api/request_error.h"
#include "net/sse_stream.h"
#include "serve/waiting_reply.h"

namespace retort::serve {
namespace {

constexpr size_t kMostUnsent = 64 << 10;  // bytes; the transport cuts off who has more than 256 KiB
constexpr double kLookAgain = 0.02;       // seconds, where that much is unsent
constexpr double kLookAtQueue = 1;        // seconds

bool ShowsSomething(const api::Piece& piece) {
  return !piece.reasoning.empty() || !piece.text.empty() || !piece.calls.empty() ||
         !piece.tokens.empty() || !piece.token_ids.empty();
}

}  // namespace

GenerationJob::GenerationJob(JobParts parts) : parts_{std::move(parts), ""} {
  parts_.model_name = parts_.model->name();
  const PreparedRequest& prepared = parts_.prepared;
  const int32_t n = prepared.options.num_choices;
  for (int32_t i = 0; i < n * static_cast<int32_t>(prepared.prompts.size()); ++i) {
    ChoiceSettings settings{.index = i,
                            .id = parts_.id,
                            .parallel_tool_calls = parts_.request.parallel_tool_calls,
                            .raw = prepared.options.raw_text,
                            .keep_token_ids = parts_.request.return_token_ids};
    if (prepared.parses_tool_calls) {
      settings.tool_calls.emplace(parts_.model->tool_style(), prepared.tool_names);
    }
    choices_.emplace_back(std::move(settings));
  }
  last_token_s_.resize(choices_.size());
}

void GenerationJob::Start() {
  const std::weak_ptr<GenerationJob> weak = weak_from_this();
  const auto on_ready = [weak] {
    if (const auto job = weak.lock()) job->Tell();
  };
  for (const PreparedPrompt& prompt : parts_.prepared.prompts) {
    Generator& generator = parts_.model->generator();
    streams_.push_back(
        generator.CompleteTokens(prompt.text, prompt.tokens, parts_.prepared.options, on_ready));
  }
  parts_.responder->OnClosed([weak] {
    if (const auto job = weak.lock()) job->Cancel();
  });
  if (parts_.request.stream) BeginAfter(parts_.silence_s);
  if (parts_.first_token_limit_s > 0) {
    parts_.pool->PostAfter(parts_.first_token_limit_s, [weak] {
      const auto job = weak.lock();
      if (!job || job->answered_) return;
      job->Break(ErrorCode::kUnavailable,
                 "the request waited too long for its turn; try again later");
    });
  }
  // What has come meanwhile was only counted.
  parts_.pool->Post([self = shared_from_this()] { self->Run(); });
}

// A stream begins after so long even if nothing has come, and tells its place from then on.
void GenerationJob::BeginAfter(double seconds) {
  parts_.pool->PostAfter(seconds, [weak = weak_from_this()] {
    const auto job = weak.lock();
    if (!job) return;
    job->overdue_ = true;
    job->Tell();
    if (!job->answered_) job->BeginAfter(kLookAtQueue);
  });
}

void GenerationJob::Cancel() {
  cancelling_ = true;
  Tell();
}

void GenerationJob::Break(ErrorCode code, std::string message) {
  {
    const std::lock_guard lock(break_mutex_);
    if (!broken_) broken_ = std::make_shared<const Error>(code, message);
  }
  Cancel();
}

void GenerationJob::EndThinking() {
  ending_thinking_ = true;
  Tell();
}

// There is something to look at: one worker does, and looks again for all who told meanwhile.
void GenerationJob::Tell() {
  if (signals_.fetch_add(1) > 0) return;
  parts_.pool->Post([self = shared_from_this()] { self->Run(); });
}

void GenerationJob::Run() {
  int seen = signals_.load();
  do {
    Pump();
    const int taken = seen;
    seen = signals_.fetch_sub(taken) - taken;
  } while (seen > 0);
}

void GenerationJob::Pump() {
  if (ended_) return;
  // Others only say what they want; the streams are this worker's.
  const bool cancel = cancelling_.exchange(false);
  const bool end_thinking = ending_thinking_.exchange(false);
  for (const auto& stream : streams_) {
    if (cancel) stream->Cancel();
    if (end_thinking) stream->EndThinking();
  }
  const bool is_behind = begun_ && parts_.responder->pending_bytes() > kMostUnsent;
  if (is_behind && !parts_.responder->closed()) return LookLater();
  std::string wire;
  bool all_ended = true;
  for (size_t i = 0; i < streams_.size(); ++i) {
    GenerationPiece piece;
    Poll poll = Poll::kNothingYet;
    while (wire.size() < kMostUnsent && (poll = streams_[i]->TryNext(piece)) == Poll::kEvent) {
      TakeFrom(i, piece, wire);
    }
    all_ended = all_ended && poll == Poll::kEnd;
  }
  const bool is_full = wire.size() >= kMostUnsent;
  if (overdue_ && !all_ended && parts_.request.stream) {
    BeginReply(wire);
    if (!answered_) TellPosition(wire);
  }
  if (all_ended) WriteOutcome(wire);
  if (begun_ && !wire.empty()) parts_.responder->Write(wire);
  if (all_ended) return EndReply();
  if (is_full) LookLater();
}

// A client that reads more slowly than the engine writes: what it has not read waits as tokens,
// which are small, and the transport ends a connection on which nothing is read at all.
void GenerationJob::LookLater() {
  if (looking_later_.exchange(true)) return;
  parts_.pool->PostAfter(kLookAgain, [weak = weak_from_this()] {
    const auto job = weak.lock();
    if (!job) return;
    job->looking_later_ = false;
    job->Tell();
  });
}

// As a comment of the stream whenever it has changed: who waits long wants to know how long yet.
void GenerationJob::TellPosition(std::string& wire) {
  int32_t position = 0;
  for (const auto& stream : streams_) position = std::max(position, stream->QueuePosition());
  if (position == 0 || parts_.writer->json_lines()) return;
  if (position != told_position_) {
    wire += net::FormatSseComment(fmt::format("position in the queue: {}", position));
  }
  told_position_ = position;
}

const GenerationResult& GenerationJob::ResultOf(size_t choice) const {
  const auto n = static_cast<size_t>(parts_.prepared.options.num_choices);
  return streams_[choice / n]->result_of(static_cast<int32_t>(choice % n));
}

void GenerationJob::TakeFrom(size_t stream, const GenerationPiece& piece, std::string& wire) {
  const auto n = static_cast<size_t>(parts_.prepared.options.num_choices);
  const size_t choice = stream * n + static_cast<size_t>(piece.choice);
  const GenerationResult& result = ResultOf(choice);
  if (!piece.tokens.empty()) {
    answered_ = true;
    double& last = last_token_s_[choice];
    if (last > 0 && parts_.on_token) {
      parts_.on_token(piece.time_s - last, static_cast<int32_t>(piece.tokens.size()));
    }
    last = piece.time_s;
  }
  Show(choices_[choice].Take(piece, result), wire);
  if (result.finish != FinishReason::kNone) Show(choices_[choice].Finish(result), wire);
}

void GenerationJob::Show(const api::Piece& piece, std::string& wire) {
  if (!parts_.request.stream || !ShowsSomething(piece)) return;
  BeginReply(wire);
  Frame(parts_.writer->Push(piece), wire);
}

void GenerationJob::BeginReply(std::string& wire) {
  if (begun_) return;
  begun_ = true;
  if (parts_.writer->json_lines()) {
    net::Headers headers = parts_.headers;
    headers.Set("Content-Type", "application/x-ndjson");
    parts_.responder->Start(200, headers);
  } else if (!parts_.head_sent) {
    StartEventStream(*parts_.responder, parts_.headers, parts_.ping_s);
  }
  Frame(parts_.writer->Begin(), wire);
}

// The end of the reply, in whichever form it is one.
void GenerationJob::WriteOutcome(std::string& wire) {
  std::shared_ptr<const Error> broken;
  {
    const std::lock_guard lock(break_mutex_);
    broken = broken_;
  }
  for (size_t i = 0; i < choices_.size() && !broken; ++i) {
    const GenerationResult& result = ResultOf(i);
    if (result.finish == FinishReason::kError) {
      broken = std::make_shared<const Error>(ErrorCode::kInternal, result.error);
    }
  }
  if (broken) return WriteError(api::DescribeError(*broken, parts_.id), wire);
  std::vector<api::Outcome> outcomes(streams_.size());
  const auto n = static_cast<size_t>(parts_.prepared.options.num_choices);
  for (size_t i = 0; i < choices_.size(); ++i) {
    api::Outcome& outcome = outcomes[i / n];
    outcome.choices.push_back(choices_[i].outcome());
    outcome.choices.back().timings.load_s = parts_.load_s;
    outcome.prompt_tokens = ResultOf(i).prompt_tokens;
    if (i % n == 0) outcome.cached_tokens = ResultOf(i).cached_tokens;
  }
  if (parts_.request.stream) {
    BeginReply(wire);
    return Frame(parts_.writer->End(outcomes), wire);
  }
  net::Headers headers = parts_.headers;
  headers.Set("Content-Type", "application/json");
  parts_.responder->Send({.status = 200,
                          .headers = std::move(headers),
                          .body = parts_.writer->Whole(outcomes).dump()});
}

void GenerationJob::WriteError(const api::ErrorReport& error, std::string& wire) {
  if (begun_ || parts_.head_sent) {
    begun_ = true;
    return Frame(parts_.writer->Break(error), wire);
  }
  net::Headers headers = parts_.headers;
  headers.Set("Content-Type", "application/json");
  if (error.status == 503 || error.status == 429) headers.Set("Retry-After", "1");
  parts_.responder->Send({.status = error.status,
                          .headers = std::move(headers),
                          .body = parts_.error_words(error).dump()});
}

void GenerationJob::EndReply() {
  ended_ = true;
  JobReport report{.id = parts_.id,
                   .model = parts_.model_name,
                   .choices = {},
                   .queue_s = parts_.queue_s,
                   .client_gone = parts_.responder->closed(),
                   .num_choices = parts_.prepared.options.num_choices};
  for (size_t i = 0; i < choices_.size(); ++i) report.choices.push_back(ResultOf(i));
  if (begun_) parts_.responder->End();
  streams_.clear();
  parts_.model.reset();
  parts_.ticket.reset();
  if (parts_.on_end) parts_.on_end(report);
}

void GenerationJob::Frame(const std::vector<api::Event>& events, std::string& wire) const {
  for (const api::Event& event : events) {
    if (parts_.writer->json_lines()) {
      wire += event.data;
      wire += '\n';
    } else {
      wire += net::FormatSseEvent(event.data, {.event = event.name});
    }
  }
}

}  // namespace retort::serve

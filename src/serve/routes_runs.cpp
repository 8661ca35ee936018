// The store of runs: what was measured, reports of it, and votes.
#include "serve/context.h"
#include "store/run_store.h"
#include "store/votes.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;
using api::RequestError;

// The store, for as long as one call needs it.
class OpenedStore {
 public:
  explicit OpenedStore(const Call& call) : lock_(call.context->store_mutex) {
    const std::string& file = call.context->options.store_file;
    if (file.empty()) Fail(ErrorCode::kUnsupported, "this server keeps no store");
    store_.emplace(file);
  }
  RunStore& operator*() { return *store_; }
  RunStore* operator->() { return &*store_; }

 private:
  std::lock_guard<std::mutex> lock_;
  std::optional<RunStore> store_;
};

Json ToJson(const RunRow& run) {
  return {{"id", run.id},
          {"kind", run.kind},
          {"state", RunStateName(run.state)},
          {"started_at", run.started_at},
          {"finished_at", run.finished_at.empty() ? Json() : Json(run.finished_at)},
          {"seconds", run.seconds},
          {"version", run.version},
          {"command", run.command}};
}

void ListRuns(Call& call) {
  RunFilter filter;
  if (const std::string* kind = call.request->Query("kind")) filter.kind = *kind;
  if (const std::string* model = call.request->Query("model")) filter.model = *model;
  Json runs = Json::array();
  OpenedStore store(call);
  for (const RunSummary& summary : store->List(filter)) {
    Json run = ToJson(summary.run);
    run["models"] = summary.models;
    run["samples"] = summary.samples;
    run["timings"] = summary.timings;
    runs.push_back(std::move(run));
  }
  call.SendJson(200, {{"runs", runs}});
}

void ShowRun(Call& call) {
  OpenedStore store(call);
  const RunRow row = store->Find(*call.request->PathParam("run"));
  Json run = ToJson(row);
  run["models"] = Json::array();
  for (const RunModelRow& model : store->Models(row.number)) {
    run["models"].push_back({{"name", model.name},
                             {"digest", model.model.digest},
                             {"quantization", model.model.quantization},
                             {"weight_bytes", model.weight_bytes},
                             {"failure", model.failure ? Json(*model.failure) : Json()}});
  }
  call.SendJson(200, run);
}

void ShowReport(Call& call) {
  const Service::Context& context = *call.context;
  if (!context.options.report) Fail(ErrorCode::kUnsupported, "this server makes no reports");
  const std::string* language = call.request->Query("lang");
  if (language != nullptr && *language != "en" && *language != "zh") {
    throw RequestError(ErrorCode::kInvalidArgument, "lang", "lang must be en or zh");
  }
  // It quotes models, and is of the page's origin: it may run its own script and ask for nothing.
  call.headers.Set("Content-Security-Policy",
                   "sandbox allow-scripts allow-popups; default-src 'none'; img-src data:; "
                   "script-src 'unsafe-inline'; style-src 'unsafe-inline'");
  call.headers.Set("X-Content-Type-Options", "nosniff");
  const std::lock_guard lock(call.context->store_mutex);
  call.SendText(200,
                context.options.report(*call.request->PathParam("run"),
                                       language == nullptr ? "en" : *language),
                "text/html; charset=utf-8");
}

std::string TextOf(const Json& object, const char* field, const std::string& path) {
  if (!object.contains(field)) return {};
  if (!object[field].is_string()) {
    throw RequestError(ErrorCode::kInvalidArgument, path, path + " must be a text");
  }
  return object[field].get<std::string>();
}

void Vote(Call& call) {
  const Json body = call.Body();
  VoteRow vote{.prompt = TextOf(body, "prompt", "prompt")};
  if (body.contains("best") && !body["best"].is_null()) {
    if (!body["best"].is_number_integer() || body["best"] < 0 || body["best"] > 7) {
      throw RequestError(ErrorCode::kInvalidArgument, "best",
                         "best must be the number of an answer, from 0, or null");
    }
    vote.best = body["best"].get<int>();
  }
  if (!body.contains("answers") || !body["answers"].is_array()) {
    throw RequestError(ErrorCode::kInvalidArgument, "answers", "answers must be a list");
  }
  for (const Json& answer : body["answers"]) {
    const std::string path = "answers[" + std::to_string(vote.answers.size()) + "]";
    if (!answer.is_object()) {
      throw RequestError(ErrorCode::kInvalidArgument, path, path + " must be an object");
    }
    vote.answers.push_back({.model = TextOf(answer, "model", path + ".model"),
                            .answer = TextOf(answer, "answer", path + ".answer"),
                            .reasoning = TextOf(answer, "reasoning", path + ".reasoning")});
  }
  OpenedStore store(call);
  call.SendJson(200, {{"number", AddVote(*store, vote)}});
}

void ListVotes(Call& call) {
  OpenedStore store(call);
  Json votes = Json::array();
  for (const VoteRow& vote : Votes(*store, {.last = 1000})) {
    Json answers = Json::array();
    for (const VotedAnswer& answer : vote.answers) {
      answers.push_back(
          {{"model", answer.model}, {"answer", answer.answer}, {"reasoning", answer.reasoning}});
    }
    votes.push_back({{"number", vote.number},
                     {"voted_at", vote.voted_at},
                     {"prompt", vote.prompt},
                     {"best", vote.best ? Json(*vote.best) : Json()},
                     {"answers", answers}});
  }
  Json tally = Json::array();
  for (const VotePair& pair : VoteTally(*store)) {
    tally.push_back({{"a", pair.a},
                     {"b", pair.b},
                     {"a_best", pair.a_best},
                     {"b_best", pair.b_best},
                     {"alike", pair.alike}});
  }
  call.SendJson(200, {{"tally", tally}, {"votes", votes}});
}

}  // namespace

void AddRunRoutes(Routes& routes) {
  routes.Add("GET", "/retort/v1/runs", ListRuns);
  routes.Add("GET", "/retort/v1/runs/{run}", ShowRun);
  routes.Add("GET", "/retort/v1/runs/{run}/report", ShowReport);
  routes.Add("GET", "/retort/v1/votes", ListVotes);
  routes.Add("POST", "/retort/v1/votes", Vote);
}

}  // namespace retort::serve

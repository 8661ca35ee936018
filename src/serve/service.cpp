#include "serve/service.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "runtime/kv_budget.h"
#include "serve/context.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

// How often a drain looks whether all is done.
constexpr double kDrainLook = 0.02;
// What ends with the server gets so long to tell its client.
constexpr double kLastWords = 2;

// What is asked every second, and by whom is no news.
bool IsProbe(std::string_view path) {
  return path == "/livez" || path == "/readyz" || path == "/health" || path == "/metrics";
}

// As the cache's size is chosen without being asked for (runtime/kv_budget.h).
int64_t KvBytes(const ModelFacts& facts, const LoadOptions& load) {
  if (load.kv_bytes > 0) return load.kv_bytes;
  const int64_t context =
      std::min(facts.context_length.value_or(kKvContextTokens), kKvContextTokens);
  const int64_t tokens = load.kv_tokens > 0 ? load.kv_tokens : kKvContexts * context;
  return tokens * facts.kv_bytes_per_token.value_or(0);
}

}  // namespace

ModelSource FileSource(const std::string& name, const std::string& path, const LoadOptions& load,
                       const EngineOptions& engine) {
  ModelSource source{.name = name, .path = path};
  source.facts = GatherFacts(*OpenCheckpoint(path), ParseKvTypes(load.kv_type).value_or(KvTypes{}));
  // Packed weights and work space are some per cent more than the file's tensors.
  source.memory_bytes = source.facts.tensor_bytes / 100 * 110 + KvBytes(source.facts, load);
  source.load = [=] { return std::make_unique<ServedModel>(name, LoadModel(path, load), engine); };
  return source;
}

Service::Context::Context(ServiceOptions service_options, std::vector<ModelSource> sources)
    : options(std::move(service_options)),
      access(options.access),
      certificates({options.http.certificate_file, options.http.key_file}),
      admission(options.admission),
      pool(std::make_unique<WorkerPool>(options.worker_threads)),
      registry(std::make_unique<ModelRegistry>(options.registry)),
      routes(*this) {
  for (ModelSource& source : sources) registry->Add(std::move(source));
  AddHealthRoutes(routes);
  AddOpenAiRoutes(routes);
  AddTokenRoutes(routes);
  AddModelRoutes(routes);
  AddAnthropicRoutes(routes);
  AddOllamaRoutes(routes);
  AddPullRoutes(routes);
  AddRunRoutes(routes);
}

// Nothing new comes, then nothing is at work, then nothing is loaded. The pool is there, though it
// does nothing, as long as an engine may tell a job something.
Service::Context::~Context() {
  refusing = true;
  if (puller.joinable()) puller.join();
  server.reset();
  jobs.Clear();
  pool->Stop();
  registry.reset();
}

void Service::Context::Log(LogLevel level, Json fields) const {
  if (options.log) options.log(level, fields);
}

Service::Service(ServiceOptions options, std::vector<ModelSource> sources)
    : context_(std::make_unique<Context>(std::move(options), std::move(sources))) {
  Context& context = *context_;
  net::ServerOptions http = context.options.http;
  http.on_exchange = [&context](const net::ExchangeRecord& record) {
    const std::string_view path = net::PathOfTarget(record.target);
    context.Log(IsProbe(path) ? LogLevel::kDebug : LogLevel::kInfo,
                {{"event", "request"},
                 {"id", record.id},
                 {"from", record.remote_address},
                 {"method", record.method},
                 {"path", path},
                 {"status", record.status},
                 {"complete", record.complete},
                 {"bytes", record.bytes},
                 {"seconds", RoundedSeconds(record.seconds)}});
  };
  http.on_failure = [&context](const std::string& id, const std::string& what) {
    context.Log(LogLevel::kError, {{"event", "failure"}, {"id", id}, {"what", what}});
  };
  context.server = std::make_unique<net::HttpServer>(
      http, [&context](net::Request request, std::shared_ptr<net::Responder> responder) {
        // The page itself tells nothing of anyone; what it shows it asks for, with a key if need
        // be.
        if (auto file = context.page.Find(request)) {
          responder->Send(*std::move(file));
          return;
        }
        if (const auto refusal = context.access.Check(request)) {
          responder->Send({.status = refusal->status,
                           .headers = {{"Content-Type", "application/json"}},
                           .body = api::OpenAiError(*refusal).dump()});
          return;
        }
        context.routes.router().Handle(std::move(request), std::move(responder));
      });
}

Service::~Service() { Stop(); }

void Service::Start() {
  context_->server->Start();
  if (!context_->options.preload) return;
  // As many as memory holds: each is asked for, and the registry makes room as it always does.
  for (const ModelStatus& status : context_->registry->List()) {
    const std::string name = status.name;
    context_->registry->Acquire(name, [this, name](ModelLease lease, std::exception_ptr error) {
      if (lease) context_->Log(LogLevel::kInfo, {{"event", "model_loaded"}, {"model", name}});
      if (!error) return;
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& what) {
        context_->Log(LogLevel::kError,
                      {{"event", "model_failed"}, {"model", name}, {"what", what.what()}});
      }
    });
  }
}

uint16_t Service::port() const { return context_->server->port(); }
ModelRegistry& Service::models() { return *context_->registry; }
std::vector<net::Route> Service::routes() const { return context_->routes.router().routes(); }

void Service::ReloadKeys() {
  if (context_->access.Reload()) context_->Log(LogLevel::kInfo, {{"event", "keys_reloaded"}});
}

void Service::ReloadCertificates() {
  if (!context_->certificates.HaveChanged()) return;
  context_->server->ReloadCertificates();
  context_->Log(LogLevel::kInfo, {{"event", "certificates_reloaded"}});
}

void Service::StartDraining() { context_->draining = true; }

uint64_t Service::Drain(double seconds) {
  context_->draining = true;
  context_->refusing = true;
  const double end = SteadyClock().Seconds() + seconds;
  while (context_->admission.in_work() > 0 && SteadyClock().Seconds() < end) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kDrainLook));
  }
  const auto left = static_cast<uint64_t>(context_->admission.in_work());
  context_->server->Drain(std::max(0.0, end - SteadyClock().Seconds()));
  return left;
}

void Service::Stop() {
  context_->refusing = true;
  for (const auto& job : context_->jobs.All()) {
    job->Break(ErrorCode::kUnavailable, "the server is shutting down");
  }
  const double end = SteadyClock().Seconds() + kLastWords;
  while (context_->jobs.size() > 0 && SteadyClock().Seconds() < end) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kDrainLook));
  }
  context_->server->Stop();
}

}  // namespace retort::serve

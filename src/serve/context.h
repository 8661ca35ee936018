// What all endpoints of a server share, and how one of them answers. Inside serve/ only.
//
//   void ListModels(Call& call) { call.SendJson(200, ...); }
//   routes.Add("GET", "/v1/models", ListModels, api::OpenAiError);
//
// An endpoint runs on a worker and may take milliseconds. What it throws becomes an answer in its
// interface's words.
#pragma once

#include <atomic>
#include <cmath>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "api/reply.h"
#include "api/request_error.h"
#include "net/http_server.h"
#include "net/router.h"
#include "serve/access.h"
#include "serve/admission.h"
#include "serve/job_table.h"
#include "serve/metrics.h"
#include "serve/model_registry.h"
#include "serve/page.h"
#include "serve/service.h"
#include "serve/watched_files.h"
#include "serve/worker_pool.h"

namespace retort::serve {

// One request at an endpoint. Copied where an answer comes later.
struct Call {
  Service::Context* context = nullptr;
  std::shared_ptr<const net::Request> request;
  std::shared_ptr<net::Responder> responder;
  ErrorWords words = nullptr;
  net::Headers headers = {};  // of whatever is answered
  double arrived = 0;         // SteadyClock

  nlohmann::ordered_json Body() const;  // a JSON object; throws what api::ReadBody does
  void SendJson(int status, const nlohmann::ordered_json& body) const;
  void SendText(int status, const std::string& text, const std::string& type) const;
  // In the interface's words, and counted.
  void SendError(const std::exception& error) const;
  void SendReport(const api::ErrorReport& report, int retry_after_s = 0) const;
};

using Endpoint = std::function<void(Call&)>;

class Routes {
 public:
  explicit Routes(Service::Context& context);

  void Add(const std::string& method, const std::string& pattern, Endpoint endpoint,
           ErrorWords words = api::OpenAiError);
  const net::Router& router() const { return router_; }

 private:
  Service::Context& context_;
  net::Router router_;
};

struct Service::Context {
  Context(ServiceOptions service_options, std::vector<ModelSource> sources);
  ~Context();

  void Log(LogLevel level, nlohmann::ordered_json fields) const;

  ServiceOptions options;
  Metrics metrics;
  Access access;
  Page page;
  WatchedFiles certificates;  // and their key
  Admission admission;
  JobTable jobs;
  std::atomic<bool> draining{false};  // /readyz says so
  std::atomic<bool> refusing{false};  // new requests are refused
  std::unique_ptr<WorkerPool> pool;
  std::unique_ptr<ModelRegistry> registry;
  Routes routes;
  std::unique_ptr<net::HttpServer> server;
  std::mutex store_mutex;            // one thread at a time reads or writes the store
  std::atomic<bool> pulling{false};  // one model at a time is brought
  std::thread puller;                // the last one; its end is waited for
};

// To a tenth of a millisecond: logs are read by people.
inline double RoundedSeconds(double seconds) { return std::round(seconds * 1e4) / 1e4; }

using WriterFactory = std::function<std::unique_ptr<api::ReplyWriter>(const api::ReplyHead&,
                                                                      const api::GenerateRequest&)>;

// Answers a request of whichever interface: admission, the model, the job.
void Generate(const Call& call, api::GenerateRequest request, WriterFactory make_writer);

void AddHealthRoutes(Routes& routes);
void AddOpenAiRoutes(Routes& routes);
void AddTokenRoutes(Routes& routes);
void AddModelRoutes(Routes& routes);
void AddAnthropicRoutes(Routes& routes);
void AddOllamaRoutes(Routes& routes);
void AddPullRoutes(Routes& routes);
void AddRunRoutes(Routes& routes);

}  // namespace retort::serve

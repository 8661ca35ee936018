// `retort serve`: models behind HTTP, in the words of OpenAI, Anthropic and Ollama.
//
//   Service service({.http = {.port = 7860}}, {FileSource("r1", "r1.gguf", {}, {})});
//   service.Start();                       // returns when the port is open; models load meanwhile
//   ...
//   service.StartDraining();               // /readyz says 503, everything else goes on
//   service.Drain(60);                     // no new requests; those at work get 60 seconds
//   service.Stop();
//
// Errors of construction and Start: as ModelRegistry::Add, Access and net::HttpServer::Start.
// Thread-safe; Drain and Stop must not be called from a handler.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "api/generate_request.h"
#include "hub/pull_events.h"
#include "net/http_server.h"
#include "net/router.h"
#include "serve/access.h"
#include "serve/admission.h"
#include "serve/model_registry.h"
#include "serve/request_options.h"

namespace retort::serve {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };

// One thing that happened: {"event": "request", "id": ..., "status": 200}. Keys and answers are
// never among it, prompts only with `log_prompts`. Called in any thread.
using LogSink = std::function<void(LogLevel, const nlohmann::ordered_json&)>;

// Brings a model by its reference, telling `events` of it, and says how to load it. Ends with an
// error soon after `interrupted` turns true: it waits so many seconds for that. On a thread of its
// own.
using PullHook =
    std::function<ModelSource(const std::string& reference, const PullEvents::Sink& events,
                              const std::function<bool(double seconds)>& interrupted)>;

struct ServiceOptions {
  net::ServerOptions http = {.port = 7860};
  AccessOptions access = {};
  RegistryOptions registry = {};
  AdmissionLimits admission = {};
  api::RequestLimits limits = {};
  RequestDefaults defaults = {};
  int worker_threads = 2;
  double ping_s = 15;
  double silence_s = 5;            // that a stream may have before its head is sent all the same
  double first_token_limit_s = 0;  // 503 after it; 0: none
  bool strict = false;             // fields that are not understood are an error
  bool preload = true;  // the first models are loaded at start instead of when they are asked for
  LogSink log = {};
  bool log_prompts = false;     // each request's, as its model gets it
  PullHook pull = {};           // none: models cannot be brought
  std::string store_file = {};  // of runs and votes; empty: there is none
  // A stored run's report, HTML, in "en" or "zh". Throws kNotFound for a run that there is not.
  std::function<std::string(const std::string& run, const std::string& language)> report = {};
};

class Service {
 public:
  Service(ServiceOptions options, std::vector<ModelSource> sources);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  void Start();
  uint16_t port() const;
  ModelRegistry& models();
  // Every method and path, as they were added.
  std::vector<net::Route> routes() const;
  // Reads the keys file again if it has changed. Errors: as Access; the keys stay as they were.
  void ReloadKeys();
  // The same with the certificate and its key, for connections that come from now on. Errors: as
  // net::HttpServer::Start, also between the replacing of the one and of the other.
  void ReloadCertificates();

  void StartDraining();
  // Refuses new requests and waits for those at work; how many were not done in time.
  uint64_t Drain(double seconds);
  // Ends what is left with an error for its client.
  void Stop();

  struct Context;

 private:
  std::unique_ptr<Context> context_;
};

// A model of a file, folder or checkpoint, loaded when it is wanted.
ModelSource FileSource(const std::string& name, const std::string& path, const LoadOptions& load,
                       const EngineOptions& engine);

}  // namespace retort::serve

// Is it there, does it take requests, and how is it doing: what supervisors and dashboards ask.
#include "base/version.h"
#include "serve/context.h"
#include "serve/openapi.h"

namespace retort::serve {
namespace {

constexpr const char* kPlain = "text/plain; charset=utf-8";

void Live(Call& call) { call.SendText(200, "ok\n", kPlain); }

// The first model is loaded, and no end is near.
void Ready(Call& call) {
  if (call.context->draining) return call.SendText(503, "draining\n", kPlain);
  if (!call.context->registry->ready()) return call.SendText(503, "loading\n", kPlain);
  call.SendText(200, "ok\n", kPlain);
}

void Health(Call& call) {
  const bool ready = call.context->registry->ready();
  nlohmann::ordered_json models = nlohmann::ordered_json::object();
  for (const ModelStatus& status : call.context->registry->List()) {
    models[status.name] = ModelStateName(status.state);
  }
  call.SendJson(ready ? 200 : 503, {{"status", ready ? "ok" : "loading"},
                                    {"version", kVersion},
                                    {"draining", call.context->draining.load()},
                                    {"requests", call.context->admission.in_work()},
                                    {"models", models}});
}

void ShowOpenApi(Call& call) { call.SendText(200, std::string(kOpenApiJson), "application/json"); }

void ShowMetrics(Call& call) {
  call.SendText(
      200,
      call.context->metrics.Text(call.context->registry->List(), call.context->server->counters()),
      "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace

void AddHealthRoutes(Routes& routes) {
  routes.Add("GET", "/livez", Live);
  routes.Add("GET", "/readyz", Ready);
  routes.Add("GET", "/health", Health);
  routes.Add("GET", "/metrics", ShowMetrics);
  routes.Add("GET", "/openapi.json", ShowOpenApi);
}

}  // namespace retort::serve

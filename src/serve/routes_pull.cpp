// Bringing a model while the server runs, with events as it comes.
#include <chrono>

#include "hub/catalogue.h"
#include "net/sse_stream.h"
#include "serve/context.h"

namespace retort::serve {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// In a thread of its own: it takes as long as it takes.
void Pull(const Call& call, const std::string& reference) {
  Service::Context& context = *call.context;
  net::SseStream stream(call.responder, {.headers = call.headers});
  const auto interrupted = [&context, &stream](double seconds) {
    constexpr double kLook = 0.1;
    for (double waited = 0; waited < seconds; waited += kLook) {
      if (context.refusing || stream.responder().closed()) return true;
      std::this_thread::sleep_for(std::chrono::duration<double>(kLook));
    }
    return context.refusing || stream.responder().closed();
  };
  try {
    ModelSource source = context.options.pull(
        reference, [&](const Json& event) { stream.Send(Dump(event)); }, interrupted);
    const std::string name = source.name;
    if (!context.registry->Has(name)) context.registry->Add(std::move(source));
    context.Log(LogLevel::kInfo, {{"event", "model_pulled"}, {"model", name}});
    stream.Send(Dump({{"event", "done"}, {"model", name}}));
  } catch (const Error& error) {
    stream.Send(Dump(
        {{"event", "error"}, {"code", ErrorCodeName(error.code())}, {"message", error.what()}}));
  } catch (const std::exception& error) {
    context.Log(LogLevel::kError,
                {{"event", "failure"}, {"id", call.request->id}, {"what", error.what()}});
    stream.Send(Dump({{"event", "error"}, {"code", "internal"}, {"message", "it failed"}}));
  }
  stream.End();
  context.pulling = false;
}

void StartPull(Call& call) {
  Service::Context& context = *call.context;
  const Json body = call.Body();
  if (!body.contains("model") || !body["model"].is_string() || body["model"].empty()) {
    throw api::RequestError(ErrorCode::kInvalidArgument, "model",
                            "model is missing; give the name of one, as `retort list` shows it");
  }
  if (!context.options.pull) Fail(ErrorCode::kUnsupported, "this server brings no models");
  if (context.refusing) Fail(ErrorCode::kUnavailable, "the server is shutting down");
  if (context.pulling.exchange(true)) {
    throw Refusal("another model is being brought; try again when it is there", 10);
  }
  if (context.puller.joinable()) context.puller.join();  // it has ended
  context.puller =
      std::thread([call, reference = body["model"].get<std::string>()] { Pull(call, reference); });
}

// What there is to pull by name.
void ShowCatalogue(Call& call) {
  Json models = Json::array();
  const Catalogue catalogue = Catalogue::Parse(kCatalogueJson);
  for (const CatalogueModel& model : catalogue.models()) {
    Json files = Json::array();
    for (const CatalogueFile& file : model.files) {
      files.push_back({{"precision", file.precision},
                       {"bytes", file.size ? Json(*file.size) : Json()},
                       {"gated", file.gated}});
    }
    models.push_back({{"name", model.name},
                      {"title", model.title},
                      {"kind", model.kind},
                      {"licence", model.licence},
                      {"files", std::move(files)}});
  }
  call.SendJson(200, {{"can_pull", call.context->options.pull != nullptr}, {"models", models}});
}

}  // namespace

void AddPullRoutes(Routes& routes) {
  routes.Add("POST", "/retort/v1/pull", StartPull);
  routes.Add("GET", "/retort/v1/catalogue", ShowCatalogue);
}

}  // namespace retort::serve

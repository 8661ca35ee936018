#include "cli/serve_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/utc_time.h"
#include "cli/hub_settings.h"
#include "cli/on_interrupt.h"
#include "cli/serve_hooks.h"
#include "cli/terminal.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;
using serve::LogLevel;

constexpr double kLook = 0.1;     // seconds between looks at signals
constexpr double kFilesLook = 2;  // and at the files of keys and certificates

// Whether there is a path or reference behind a name.
bool HasName(const std::string& model) {
  const size_t equals = model.find('=');
  return equals != std::string::npos && equals > 0 && model.find('/') > equals;
}

bool IsLoopback(const std::string& address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

std::string_view LevelName(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<size_t>(level)];
}

// One line for each thing that happened, on standard error.
class Log {
 public:
  explicit Log(bool json) : json_(json) {}

  void Write(LogLevel level, const Json& fields) {
    if (level == LogLevel::kDebug) return;
    std::string line;
    if (json_) {
      Json record = {{"time", UtcNow()}, {"level", LevelName(level)}};
      record.update(fields);
      line = record.dump(-1, ' ', false, Json::error_handler_t::replace);
    } else {
      line = UtcNow() +
             (level >= LogLevel::kWarning ? fmt::format(" {}", LevelName(level)) : std::string());
      for (const auto& [name, value] : fields.items()) {
        const std::string text = value.is_string()
                                     ? value.get<std::string>()
                                     : value.dump(-1, ' ', false, Json::error_handler_t::replace);
        line += name == "event" ? " " + text : fmt::format(" {}={}", name, text);
      }
      line = SafeForTerminal(line);
    }
    const std::lock_guard lock(mutex_);
    std::fprintf(stderr, "%s\n", line.c_str());
  }

 private:
  const bool json_;
  std::mutex mutex_;
};

EngineOptions EngineOf(const ServeFlags& flags) {
  EngineOptions engine = flags.engine;
  if (!flags.speculate) engine.max_draft_tokens = 0;
  return engine;
}

std::vector<serve::ModelSource> SourcesOf(const ServeFlags& flags) {
  std::vector<serve::ModelSource> sources;
  std::set<std::string> places;  // one file under two names is the first one's by its path
  for (const std::string& model : flags.models) {
    const std::string place = HasName(model) ? model.substr(model.find('=') + 1) : model;
    sources.push_back(
        serve::FileSource(ServedName(model), ModelPath(place), flags.load, EngineOf(flags)));
    if (place != sources.back().name && places.insert(place).second) {
      sources.back().aliases.push_back(place);
    }
  }
  return sources;
}

std::string Names(const std::vector<std::string>& models) {
  std::string names;
  for (const std::string& model : models) names += (names.empty() ? "" : ", ") + ServedName(model);
  return names;
}

template <class Reload>
void OrStay(const char* what_stays, Reload reload) {
  try {
    reload();
  } catch (const Error& error) {
    std::fprintf(stderr, "retort: %s; %s\n", error.what(), what_stays);
  }
}

// Waits for a signal while the files that may change are looked after.
int WaitForSignal(const InterruptSignals& signals, serve::Service& service) {
  double looked = 0;
  while (true) {
    signals.Wait(kLook);
    if (const std::optional<int> signal = TakeSignal(signals)) {
      if (*signal != SIGHUP) return *signal;
      looked = 0;
    }
    const double now = SteadyClock().Seconds();
    if (now - looked < kFilesLook) continue;
    looked = now;
    OrStay("the keys stay as they were", [&] { service.ReloadKeys(); });
    OrStay("the certificate stays as it was", [&] { service.ReloadCertificates(); });
  }
}

// Waits so long; whether a signal came.
bool SignalWithin(const InterruptSignals& signals, double seconds) {
  const double end = SteadyClock().Seconds() + seconds;
  while (SteadyClock().Seconds() < end) {
    signals.Wait(std::min(kLook, end - SteadyClock().Seconds()));
    if (TakeSignal(signals)) return true;
  }
  return false;
}

void EndService(const ServeFlags& flags, const InterruptSignals& signals, serve::Service& service,
                Log& log) {
  service.StartDraining();
  log.Write(
      LogLevel::kInfo,
      {{"event", "draining"}, {"lag_s", flags.drain_lag_s}, {"timeout_s", flags.drain_timeout_s}});
  if (!SignalWithin(signals, flags.drain_lag_s)) {
    std::future<uint64_t> drained =
        std::async(std::launch::async, [&] { return service.Drain(flags.drain_timeout_s); });
    while (drained.wait_for(std::chrono::duration<double>(0)) != std::future_status::ready) {
      if (SignalWithin(signals, kLook)) {
        service.Stop();
        break;
      }
    }
  }
  service.Stop();
  log.Write(LogLevel::kInfo, {{"event", "ended"}});
}

}  // namespace

std::string ServedName(const std::string& model) {
  if (HasName(model)) return model.substr(0, model.find('='));
  if (!IsPath(model)) return model;
  const std::filesystem::path path(model);
  const std::string name = path.has_filename() ? path.filename() : path.parent_path().filename();
  for (const std::string_view end : {".gguf", ".safetensors"}) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

void RunServe(const ServeFlags& flags) {
  serve::ServiceOptions options = flags.service;
  const bool has_keys = !options.access.keys.empty() || !options.access.keys_file.empty();
  options.access.any_host = !IsLoopback(options.http.address);
  if (options.access.any_host && !has_keys && !flags.insecure) {
    Fail(ErrorCode::kInvalidArgument,
         "--host {} lets other machines ask, and there is no key; give --keys-file, or --insecure "
         "if that is what you want",
         options.http.address);
  }
  options.store_file = StoreFile(flags.store);
  if (!options.store_file.empty()) options.report = ReportOfStore(options.store_file);
  options.pull = PullThroughHub(flags.load, EngineOf(flags));
  const InterruptSignals signals;  // before any thread
  Log log(flags.log_json);
  options.log = [&log](LogLevel level, const Json& fields) { log.Write(level, fields); };
  serve::Service service(std::move(options), SourcesOf(flags));
  service.Start();
  const char* scheme = flags.service.http.certificate_file.empty() ? "http" : "https";
  log.Write(LogLevel::kInfo,
            {{"event", "listening"},
             {"url", fmt::format("{}://{}:{}", scheme, flags.service.http.address, service.port())},
             {"models", Names(flags.models)}});
  WaitForSignal(signals, service);
  EndService(flags, signals, service, log);
}

}  // namespace retort

// `retort serve` from flags to its end: the models by name, the server, and what signals do to it.
//
//   RunServe(flags);     // returns when the server has been told to end and has
//
// The first SIGTERM or SIGINT lets what is at work finish: /readyz says 503 at once, for
// --drain-lag new requests are still taken, then they are refused, and after --drain-timeout what
// is left gets an error. The second ends it within two seconds. SIGHUP reads the keys file again.
// Errors: those of the service. Construct in the main thread, as InterruptSignals wants it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/store_flags.h"
#include "serve/service.h"

namespace retort {

struct ServeFlags {
  std::vector<std::string> models;  // path, reference, or NAME=either
  LoadOptions load;
  EngineOptions engine;
  bool speculate = true;
  serve::ServiceOptions service;
  StoreFlags store;
  bool insecure = false;   // beyond this machine without keys
  bool log_json = false;   // lines of JSON instead of text
  double drain_lag_s = 0;  // new requests are still taken for so long
  double drain_timeout_s = 60;
};

// Throws kInvalidArgument for an address beyond this machine without a key and without --insecure.
void RunServe(const ServeFlags& flags);

// The name by which clients ask for a model: what stands in front of "=", else the file's name
// without its end, else the reference.
std::string ServedName(const std::string& model);

}  // namespace retort

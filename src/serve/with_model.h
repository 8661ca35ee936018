// Something short that needs a model there: it is loaded if it is not, and `use` runs on a worker.
//
//   WithModel(call, name, [](const Call& call, ServedModel& model) { call.SendJson(200, ...); });
//
// What `use` throws becomes the answer.
#pragma once

#include <functional>
#include <string>

#include "serve/context.h"

namespace retort::serve {

void WithModel(const Call& call, const std::string& name,
               std::function<void(const Call&, ServedModel&)> use);

}  // namespace retort::serve

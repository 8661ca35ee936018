#include "runtime/backend_factory.h"

#include "base/error.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/reference/reference_backend.h"

namespace retort {

namespace {

KvTypes KvTypesOf(const std::string& name) {
  if (name.empty()) return {};
  if (const std::optional<KvTypes> types = ParseKvTypes(name)) return *types;
  Fail(ErrorCode::kInvalidArgument,
       "keys and values cannot be kept as {}; there are f16, f16-q8_0 and q8_0", name);
}

}  // namespace

std::unique_ptr<Backend> CreateBackend(const BackendOptions& options) {
  if (options.name == "cpu") {
    return CreateCpuBackend({.num_threads = options.num_threads,
                             .level = options.cpu_level,
                             .kv_types = KvTypesOf(options.kv_type)});
  }
  if (options.name == "reference") {
    if (!options.kv_type.empty()) {
      Fail(ErrorCode::kInvalidArgument,
           "backend reference keeps keys and values as f32; leave out --kv-type {}",
           options.kv_type);
    }
    return CreateReferenceBackend();
  }
  if (options.name == "cuda") {
    Fail(ErrorCode::kUnavailable, "backend cuda: this program was built without CUDA; use cpu");
  }
  Fail(ErrorCode::kInvalidArgument, "backend {} does not exist; there are cpu and reference",
       options.name);
}

}  // namespace retort

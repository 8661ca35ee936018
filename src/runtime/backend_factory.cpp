#include "runtime/backend_factory.h"

#include "base/error.h"
#include "ops/cpu/cpu_backend.h"
#include "ops/reference/reference_backend.h"

namespace retort {

std::unique_ptr<Backend> CreateBackend(const BackendOptions& options) {
  if (options.name == "cpu") {
    return CreateCpuBackend({.num_threads = options.num_threads, .level = options.cpu_level});
  }
  if (options.name == "reference") return CreateReferenceBackend();
  if (options.name == "cuda") {
    Fail(ErrorCode::kUnavailable, "backend cuda: this program was built without CUDA; use cpu");
  }
  Fail(ErrorCode::kInvalidArgument, "backend {} does not exist; there are cpu and reference",
       options.name);
}

}  // namespace retort

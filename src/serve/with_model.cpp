#include "serve/with_model.h"

#include <utility>

namespace retort::serve {

void WithModel(const Call& call, const std::string& name,
               std::function<void(const Call&, ServedModel&)> use) {
  call.context->registry->Acquire(
      name, [call, use = std::move(use)](ModelLease model, std::exception_ptr error) mutable {
        call.context->pool->Post([call, use = std::move(use), model = std::move(model), error] {
          try {
            if (error) std::rethrow_exception(error);
            use(call, *model);
          } catch (const std::exception& failure) {
            call.SendError(failure);
          }
        });
      });
}

}  // namespace retort::serve

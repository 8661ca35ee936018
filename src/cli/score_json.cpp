#include "cli/score_json.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "runtime/scorer.h"

namespace retort {
namespace {

using Json = nlohmann::ordered_json;

// Whether they are in the vocabulary is for Score to say.
std::vector<int32_t> ReadIds(const Json& request, const char* field) {
  const Json& array = request.at(field);
  if (!array.is_array()) {
    Fail(ErrorCode::kInvalidArgument, "{} is {}, must be an array of token ids", field,
         array.dump());
  }
  std::vector<int32_t> ids;
  for (const Json& id : array) {
    if (!id.is_number_integer() || id < std::numeric_limits<int32_t>::min() ||
        id > std::numeric_limits<int32_t>::max()) {
      Fail(ErrorCode::kInvalidArgument, "{}[{}] is {}, must be a token id", field, ids.size(),
           id.dump());
    }
    ids.push_back(id.get<int32_t>());
  }
  return ids;
}

std::vector<int32_t> ReadText(const Json& request, const Tokenizer& tokenizer) {
  const Json& text = request.at("text");
  if (!text.is_string()) {
    Fail(ErrorCode::kInvalidArgument, "text is {}, must be a string", text.dump());
  }
  return tokenizer.Encode(text.get<std::string>());
}

}  // namespace

Json ScoreJson(const Json& request, LoadedModel& model, const ScoreJsonOptions& options) {
  const bool has_text = request.contains("text");
  if (request.contains("ids") == has_text) {
    Fail(ErrorCode::kInvalidArgument, R"(a line must have either "ids" or "text")");
  }
  const ScoreRequest score{
      .ids = has_text ? ReadText(request, model.tokenizer()) : ReadIds(request, "ids"),
      .probe_ids =
          request.contains("probe_ids") ? ReadIds(request, "probe_ids") : std::vector<int32_t>{},
      .role = options.role,
      .greedy_tokens = options.greedy};
  const ScoreResult result = Score(model.language_model(), score);
  Json answer;
  if (has_text) answer["ids"] = score.ids;
  answer["nll"] = result.nll;
  answer["mean_nll"] = result.mean_nll;
  answer["argmax"] = result.argmax;
  answer["top"] = result.top;
  answer["probe_logits"] = result.probe_logits;
  answer["logsumexp"] = result.logsumexp;
  answer["greedy"] = result.greedy;
  return answer;
}

}  // namespace retort

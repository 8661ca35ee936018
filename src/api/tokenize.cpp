#include "api/tokenize.h"

#include "api/field_reader.h"
#include "api/json_text.h"
#include "api/openai_chat.h"
#include "base/utf8.h"

namespace retort::api {
namespace {

Json PieceJson(const std::string& bytes) {
  if (ValidUtf8Prefix(bytes) == bytes.size()) return bytes;
  Json numbers = Json::array();
  for (char byte : bytes) numbers.push_back(static_cast<uint8_t>(byte));
  return numbers;
}

void ReadTokenizedText(FieldReader& fields, TokenizeRequest* request) {
  const auto content = fields.Text("content"), prompt = fields.Text("prompt");
  if (content.has_value() == prompt.has_value()) {
    throw RequestError(ErrorCode::kInvalidArgument, fields.PathOf("content"),
                       content ? "content and prompt are both there; give one of them"
                               : "content is missing; give a text, or messages");
  }
  request->text = content ? *content : *prompt;
  request->add_special = prompt.has_value();
}

// A chat's other fields are not of interest here, but are checked as there.
GenerateRequest ReadChat(Json body, const RequestLimits& limits) {
  for (const char* name :
       {"add_special", "add_special_tokens", "parse_special", "with_pieces", "content", "prompt"})
    body.erase(name);
  return ParseChatCompletion(body, limits);
}

}  // namespace

TokenizeRequest ParseTokenize(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  TokenizeRequest request;
  request.model = fields.Text("model").value_or("");
  if (fields.Find("messages") != nullptr) {
    request.chat = ReadChat(body, limits);
    request.unknown_fields = request.chat->unknown_fields;
  } else {
    ReadTokenizedText(fields, &request);
  }
  for (const char* name : {"add_special_tokens", "add_special"})
    request.add_special = fields.Bool(name).value_or(request.add_special);
  request.parse_special = fields.Bool("parse_special").value_or(true);
  request.with_pieces = fields.Bool("with_pieces").value_or(false);
  if (!request.chat) fields.ReportUnknown(&request.unknown_fields);
  return request;
}

Json TokenizeJson(const TokenizeReply& reply) {
  Json tokens = Json::array();
  for (size_t i = 0; i < reply.tokens.size(); ++i) {
    if (i < reply.pieces.size()) {
      tokens.push_back({{"id", reply.tokens[i]}, {"piece", PieceJson(reply.pieces[i])}});
    } else {
      tokens.push_back(reply.tokens[i]);
    }
  }
  Json json = {{"tokens", std::move(tokens)}, {"count", reply.tokens.size()}};
  if (reply.max_model_len) json["max_model_len"] = *reply.max_model_len;
  return json;
}

DetokenizeRequest ParseDetokenize(const Json& body, const RequestLimits& limits) {
  FieldReader fields(body, "");
  DetokenizeRequest request;
  request.model = fields.Text("model").value_or("");
  fields.Need("tokens", "an array of token ids");
  const Json& tokens = *fields.Array("tokens", limits.max_array);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const int64_t id = IntegerAt(tokens[i], ElementPath("tokens", i), 0, kMaxInt32);
    request.tokens.push_back(static_cast<int32_t>(id));
  }
  fields.ReportUnknown(&request.unknown_fields);
  return request;
}

Json DetokenizeJson(const std::string& text) {
  const std::string shown = ReplacedUtf8(text);
  return {{"content", shown}, {"prompt", shown}};
}

GenerateRequest ParseApplyTemplate(const Json& body, const RequestLimits& limits) {
  return ParseChatCompletion(body, limits);
}

Json ApplyTemplateJson(const std::string& prompt) { return {{"prompt", ReplacedUtf8(prompt)}}; }

}  // namespace retort::api

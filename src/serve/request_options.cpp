#include "serve/request_options.h"

#include <algorithm>
#include <limits>
#include <random>
#include <utility>

#include "api/request_error.h"
#include "grammar/gbnf.h"
#include "grammar/json_schema.h"
#include "runtime/chat_prompt.h"
#include "runtime/tool_answer.h"

namespace retort::serve {
namespace {

using api::GenerateRequest;
using api::RequestError;

uint64_t RandomSeed() {
  std::random_device entropy;
  return (static_cast<uint64_t>(entropy()) << 32) | entropy();
}

// From whatever says something under these names.
void Apply(const auto& wishes, SamplingParams* sampling) {
  const auto apply = [](auto& member, const auto& wish) {
    if (wish) member = *wish;
  };
  apply(sampling->temperature, wishes.temperature);
  apply(sampling->top_p, wishes.top_p);
  apply(sampling->top_k, wishes.top_k);
  apply(sampling->min_p, wishes.min_p);
  apply(sampling->repetition_penalty, wishes.repetition_penalty);
}

SamplingParams SamplingOf(const GenerateRequest& request, const ServedModel& model,
                          const RequestDefaults& defaults) {
  SamplingParams sampling = DefaultSampling(model.defaults(), defaults);
  Apply(request, &sampling);
  if (request.presence_penalty) sampling.presence_penalty = *request.presence_penalty;
  if (request.frequency_penalty) sampling.frequency_penalty = *request.frequency_penalty;
  for (const auto& [token, bias] : request.logit_bias) {
    sampling.logit_bias.push_back({.token = token, .bias = bias});
  }
  sampling.seed = request.seed ? *request.seed : RandomSeed();
  sampling.Validate();
  return sampling;
}

ThinkingLimits ThinkingOf(const GenerateRequest& request, const RequestDefaults& defaults) {
  ThinkingLimits limits{.budget = defaults.thinking_budget, .loop_guard = defaults.loop_guard};
  if (request.thinking.enabled == true) limits.budget = std::nullopt;
  if (request.thinking.budget) limits.budget = request.thinking.budget;
  if (request.thinking.enabled == false) limits.budget = 0;
  if (request.thinking.loop_guard) limits.loop_guard = *request.thinking.loop_guard;
  return limits;
}

GrammarTree TreeOf(const api::OutputFormat& format) {
  using Kind = api::OutputFormat::Kind;
  if (format.kind == Kind::kJsonObject) return JsonObjectGrammar();
  if (format.kind == Kind::kGrammar) return ParseGbnf(format.grammar, "grammar");
  return JsonSchemaGrammar(format.schema, "response_format.json_schema.schema");
}

std::shared_ptr<const CompiledGrammar> GrammarOf(const GenerateRequest& request,
                                                 ServedModel& model) {
  using Kind = api::OutputFormat::Kind;
  const api::OutputFormat& format = request.format;
  if (format.kind == Kind::kText) return nullptr;
  const std::string key = std::to_string(static_cast<int>(format.kind)) + format.grammar +
                          (format.kind == Kind::kJsonSchema ? format.schema.dump() : "");
  try {
    return model.Compile(key, [&] { return TreeOf(format); });
  } catch (const Error& error) {
    const char* field = format.kind == Kind::kGrammar ? "grammar" : "response_format";
    // Whatever is wrong with it, it is the client's to change.
    throw RequestError(ErrorCode::kInvalidArgument, field, error.what());
  }
}

// Refuses a prompt that leaves no room for an answer, with the figures.
void CheckFits(const PreparedPrompt& prompt, const GenerateRequest& request,
               const ServedModel& model) {
  const int64_t length = std::ssize(prompt.tokens);
  const int64_t context = model.context_tokens();
  if (length < context) return;
  api::Json details = {{"prompt_tokens", length}, {"context_tokens", context}};
  details["max_tokens"] = request.max_tokens ? api::Json(*request.max_tokens) : api::Json();
  throw RequestError(
      ErrorCode::kInvalidArgument, request.prompts.empty() ? "messages" : "prompt",
      fmt::format("the prompt has {} tokens and the context holds {}, the answer included; shorten "
                  "the prompt, or start the server with a larger --kv-tokens",
                  length, context),
      "context_length_exceeded", std::move(details));
}

std::vector<PreparedPrompt> PromptsOf(const GenerateRequest& request, const ServedModel& model) {
  const Tokenizer& tokenizer = model.tokenizer();
  std::vector<PreparedPrompt> prompts;
  const auto add_text = [&](std::string text, bool with_bos) {
    PreparedPrompt prompt{.text = std::move(text)};
    prompt.tokens = tokenizer.Encode(prompt.text);
    if (with_bos && tokenizer.spec().add_bos && tokenizer.spec().bos) {
      const int32_t bos = *tokenizer.spec().bos;
      if (prompt.tokens.empty() || prompt.tokens.front() != bos) {
        prompt.tokens.insert(prompt.tokens.begin(), bos);
      }
    }
    prompts.push_back(std::move(prompt));
  };
  if (request.prompts.empty()) add_text(RenderPrompt(request, model), false);
  for (const api::Prompt& prompt : request.prompts) {
    if (!prompt.tokens) {
      add_text(prompt.text, true);
      continue;
    }
    CheckTokens("prompt", *prompt.tokens, tokenizer.size());
    prompts.push_back({.text = tokenizer.Decode(*prompt.tokens), .tokens = *prompt.tokens});
  }
  for (const PreparedPrompt& prompt : prompts) {
    if (prompt.tokens.empty()) {
      throw RequestError(ErrorCode::kInvalidArgument, "prompt", "the prompt is empty; give text");
    }
    CheckFits(prompt, request, model);
  }
  return prompts;
}

// The tools that an answer must call one of, as grammars know them; none: it may say anything.
std::vector<ToolSignature> DemandedTools(const GenerateRequest& request) {
  using Kind = api::ToolChoice::Kind;
  std::vector<ToolSignature> tools;
  const api::ToolChoice& choice = request.tool_choice;
  if (choice.kind != Kind::kRequired && choice.kind != Kind::kNamed) return tools;
  for (const api::Json& tool : request.tools) {
    const api::Json& function = tool.at("function");
    const auto name = function.at("name").get<std::string>();
    if (choice.kind == Kind::kNamed && name != choice.name) continue;
    const bool has_parameters = function.contains("parameters");
    tools.push_back(
        {.name = name, .parameters = has_parameters ? function["parameters"].dump() : ""});
  }
  return tools;
}

std::shared_ptr<const CompiledGrammar> ToolGrammarOf(const GenerateRequest& request,
                                                     ServedModel& model) {
  const std::vector<ToolSignature> tools = DemandedTools(request);
  if (tools.empty()) return nullptr;
  if (request.format.kind != api::OutputFormat::Kind::kText) {
    throw RequestError(ErrorCode::kInvalidArgument, "response_format",
                       "an answer cannot both call a tool and keep to a format; leave one out");
  }
  std::string key = request.parallel_tool_calls ? "tools" : "tool";
  for (const ToolSignature& tool : tools) key += '\n' + tool.name + ' ' + tool.parameters;
  try {
    return model.Compile(key, [&] {
      return ToolAnswerGrammar(model.tool_style(), tools, request.parallel_tool_calls);
    });
  } catch (const Error& error) {
    throw RequestError(ErrorCode::kInvalidArgument, "tools", error.what());
  }
}

// The templates of some models join the arguments of earlier calls to text; the others write JSON.
api::Json MessagesFor(ToolCallStyle style, const api::Json& messages) {
  api::Json all = messages;
  if (style != ToolCallStyle::kDeepSeek && style != ToolCallStyle::kDeepSeekBare) return all;
  for (api::Json& message : all) {
    if (!message.contains("tool_calls")) continue;
    for (api::Json& call : message["tool_calls"]) {
      api::Json& arguments = call["function"]["arguments"];
      if (!arguments.is_string()) arguments = arguments.dump();
    }
  }
  return all;
}

void ReadTools(const GenerateRequest& request, const ServedModel& model,
               PreparedRequest* prepared) {
  if (!request.tools.is_array() || request.tools.empty()) return;
  if (model.tool_style() == ToolCallStyle::kNone) {
    throw RequestError(
        ErrorCode::kInvalidArgument, "tools",
        fmt::format("the chat template of {} knows no tools; leave them out, or use a model that "
                    "was trained with them",
                    model.name()));
  }
  for (const api::Json& tool : request.tools) {
    prepared->tool_names.push_back(tool.at("function").at("name").get<std::string>());
  }
  prepared->parses_tool_calls = request.tool_choice.kind != api::ToolChoice::Kind::kNone;
}

}  // namespace

SamplingParams DefaultSampling(const GenerationDefaults& model, const RequestDefaults& server) {
  SamplingParams sampling{.temperature = 0.6, .top_p = 0.95};
  model.ApplyTo(sampling);
  Apply(server, &sampling);
  return sampling;
}

std::string RenderPrompt(const GenerateRequest& request, const ServedModel& model) {
  if (!model.has_chat_template()) {
    throw RequestError(
        ErrorCode::kInvalidArgument, "messages",
        fmt::format("{} has no chat template; use /v1/completions with a prompt", model.name()));
  }
  api::Json kwargs = request.template_kwargs;
  // Templates with a switch have it under one of these names; others do not look.
  for (const char* name : {"enable_thinking", "thinking"}) {
    if (request.thinking.enabled && !kwargs.contains(name))
      kwargs[name] = *request.thinking.enabled;
  }
  const bool with_tools = request.tool_choice.kind != api::ToolChoice::Kind::kNone;
  const api::Json messages = MessagesFor(model.tool_style(), request.messages);
  const ChatPrompt chat{.messages = &messages,
                        .tools = with_tools ? &request.tools : nullptr,
                        .template_kwargs = &kwargs,
                        .add_generation_prompt = request.add_generation_prompt,
                        .continue_final_message = request.continue_final_message};
  // The generator is the model's; rendering changes nothing in it.
  return const_cast<ServedModel&>(model).generator().Render(chat);
}

PreparedRequest Prepare(const GenerateRequest& request, ServedModel& model,
                        const RequestDefaults& defaults) {
  PreparedRequest prepared;
  prepared.warnings = request.warnings;
  ReadTools(request, model, &prepared);
  prepared.prompts = PromptsOf(request, model);
  GenerationOptions& options = prepared.options;
  options.sampling = SamplingOf(request, model, defaults);
  for (const TokenBias& bias : options.sampling.logit_bias) {
    const int32_t token[] = {bias.token};
    CheckTokens("logit_bias", token, model.tokenizer().size());
  }
  options.max_tokens = request.max_tokens    ? *request.max_tokens
                       : defaults.max_tokens ? *defaults.max_tokens
                                             : std::numeric_limits<int32_t>::max();
  options.fit_context = true;
  options.min_tokens = request.min_tokens;
  options.num_choices = request.n;
  options.top_logprobs = request.top_logprobs;
  options.stop = request.stop;
  options.ignore_eos = request.ignore_eos;
  options.thinking = ThinkingOf(request, defaults);
  options.thinking.in_thought = ContinuesThought(
      {.messages = &request.messages, .continue_final_message = request.continue_final_message});
  options.grammar = ToolGrammarOf(request, model);
  options.constrain_thinking = request.constrain_thinking && !options.grammar;
  if (!options.grammar) options.grammar = GrammarOf(request, model);
  options.raw_text = !request.separate_reasoning;
  return prepared;
}

}  // namespace retort::serve

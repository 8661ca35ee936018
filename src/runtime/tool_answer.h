// The grammar of an answer that must call a tool, in the way of the model's chat template.
//
//   const ToolCallStyle style = DetectToolCallStyle(chat_template_source);
//   GrammarTree tree = ToolAnswerGrammar(style, {{"get_weather", schema}}, /*parallel=*/true);
//   options.grammar = generator.Compile(tree);
//   ToolCallParser parser(style, {"get_weather"});    // reads what was generated
//
// Errors: as ToolCallGrammar (grammar/tool_call_grammar.h); kUnsupported for a style of kNone;
// kInvalidArgument for a name that cannot stand in calls of that style. Stateless, thread-safe.
#pragma once

#include <vector>

#include "grammar/grammar_tree.h"
#include "grammar/tool_call_grammar.h"
#include "text/tool_call_style.h"

namespace retort {

GrammarTree ToolAnswerGrammar(ToolCallStyle style, const std::vector<ToolSignature>& tools,
                              bool parallel);

}  // namespace retort

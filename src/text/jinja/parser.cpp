#include "text/jinja/parser.h"

#include <initializer_list>

#include "base/quote.h"
#include "text/jinja/expression_parser.h"
#include "text/jinja/token_stream.h"

namespace retort::jinja {
namespace {

using EndTags = std::initializer_list<std::string_view>;

class Parser {
 public:
  Parser(std::string_view source, const std::string& name)
      : stream_(Lex(source, name), name), expressions_(&stream_) {}

  Block Run() { return ParseBody({}); }

 private:
  bool AtEndTag(EndTags ends) const {
    for (const std::string_view end : ends) {
      if (stream_.Peek(1).IsName(end)) return true;
    }
    return false;
  }

  // Statements up to, and with the beginning of, a block tag that is one of `ends`; its name is
  // then the current token. Without `ends`, up to the end of the template.
  Block ParseBody(EndTags ends) {
    const TokenStream::Nesting nesting(&stream_);
    Block body;
    while (true) {
      const Token& token = stream_.Peek();
      if (token.type == TokenType::kBlockBegin && AtEndTag(ends)) {
        stream_.Take();
        return body;
      }
      if (token.type == TokenType::kEnd) {
        if (ends.size() == 0) return body;
        stream_.RefuseInstead(fmt::format("'{}'", *(ends.end() - 1)));
      }
      if (token.type == TokenType::kData) {
        const Token data = stream_.Take();
        body.push_back({data.line, Text{data.text}});
      } else if (token.type == TokenType::kPrintBegin) {
        const int line = stream_.Take().line;
        ExpressionPtr value = expressions_.ParseTuple();
        body.push_back({line, Print{std::move(value)}});
        stream_.Expect(TokenType::kPrintEnd);
      } else {
        stream_.Expect(TokenType::kBlockBegin);
        body.push_back(ParseStatement());
        stream_.Expect(TokenType::kBlockEnd);
      }
    }
  }

  // The rest of a tag, the body, and the name of the end tag.
  Block ParseBodyOf(EndTags ends) {
    stream_.Expect(TokenType::kBlockEnd);
    return ParseBody(ends);
  }

  Statement ParseStatement() {
    const int line = stream_.Peek().line;
    if (stream_.Peek().type != TokenType::kName) stream_.RefuseInstead("a statement");
    if (stream_.SkipName("if")) return {line, ParseIf()};
    if (stream_.SkipName("for")) return {line, ParseFor()};
    if (stream_.SkipName("set")) return ParseSet(line);
    if (stream_.SkipName("macro")) return {line, ParseMacro()};
    if (stream_.SkipName("break")) return {line, ParseLoopControl<Break>()};
    if (stream_.SkipName("continue")) return {line, ParseLoopControl<Continue>()};
    if (stream_.SkipName("generation")) {
      Block body = ParseBodyOf({"endgeneration"});
      stream_.Take();
      return {line, Generation{std::move(body)}};
    }
    stream_.RefuseUnsupported("the statement " + Quoted(stream_.Peek().text));
  }

  If ParseIf() {
    If result;
    ExpressionPtr test = expressions_.ParseTuple(/*with_conditional=*/false);
    while (true) {
      Block body = ParseBodyOf({"elif", "else", "endif"});
      result.branches.push_back({std::move(test), std::move(body)});
      if (stream_.SkipName("endif")) return result;
      if (stream_.SkipName("elif")) {
        test = expressions_.ParseTuple(/*with_conditional=*/false);
        continue;
      }
      stream_.Take();
      result.branches.push_back({nullptr, ParseBodyOf({"endif"})});
      stream_.Take();
      return result;
    }
  }

  For ParseFor() {
    For loop;
    loop.target = ParseTargets("in", /*with_attribute=*/false);
    if (!stream_.SkipName("in")) stream_.RefuseInstead("'in'");
    loop.items = expressions_.ParseTuple(/*with_conditional=*/false);
    if (stream_.SkipName("if")) loop.condition = expressions_.ParseExpression();
    if (stream_.Peek().IsName("recursive")) stream_.RefuseUnsupported("a recursive loop");
    ++loops_;
    loop.body = ParseBodyOf({"else", "endfor"});
    --loops_;
    if (stream_.SkipName("else")) loop.otherwise = ParseBodyOf({"endfor"});
    stream_.Take();
    return loop;
  }

  Statement ParseSet(int line) {
    Target target = ParseTargets("", /*with_attribute=*/true);
    if (stream_.SkipOperator("=")) {
      return {line, Set{std::move(target), expressions_.ParseTuple()}};
    }
    if (stream_.Peek().IsOperator("|")) stream_.RefuseUnsupported("a set block with a filter");
    Block body = ParseBodyOf({"endset"});
    stream_.Take();
    return {line, SetBlock{std::move(target), std::move(body)}};
  }

  MacroDefinition ParseMacro() {
    MacroDefinition macro;
    macro.name = ParseTargetName();
    stream_.ExpectOperator("(");
    while (!stream_.Peek().IsOperator(")")) {
      if (!macro.parameters.empty()) stream_.ExpectOperator(",");
      Parameter parameter{ParseTargetName(), nullptr};
      if (stream_.SkipOperator("=")) {
        parameter.otherwise = expressions_.ParseExpression();
      } else if (!macro.parameters.empty() && macro.parameters.back().otherwise) {
        stream_.Refuse("a parameter without default follows one with");
      }
      macro.parameters.push_back(std::move(parameter));
    }
    stream_.ExpectOperator(")");
    const int outer_loops = std::exchange(loops_, 0);
    macro.body = ParseBodyOf({"endmacro"});
    loops_ = outer_loops;
    stream_.Take();
    return macro;
  }

  template <typename Control>
  Control ParseLoopControl() {
    if (loops_ == 0) stream_.Refuse("'break' and 'continue' need a loop around them");
    return {};
  }

  std::string ParseTargetName() {
    const std::string name = stream_.ExpectName();
    for (const char* constant : {"true", "false", "none", "True", "False", "None"}) {
      if (name == constant) stream_.Refuse(fmt::format("cannot assign to '{}'", name));
    }
    return name;
  }

  Target ParseTarget(bool with_attribute) {
    const TokenStream::Nesting nesting(&stream_);
    if (stream_.SkipOperator("(")) {
      Target target = ParseTargets(")", with_attribute);
      stream_.ExpectOperator(")");
      return target;
    }
    Target target{ParseTargetName(), {}, {}};
    if (with_attribute && stream_.SkipOperator(".")) target.attribute = stream_.ExpectName();
    return target;
  }

  // One target, or several with commas; `end` may follow a last comma.
  Target ParseTargets(std::string_view end, bool with_attribute) {
    Target first = ParseTarget(with_attribute);
    if (!stream_.Peek().IsOperator(",")) return first;
    Target all;
    all.parts.push_back(std::move(first));
    while (stream_.SkipOperator(",")) {
      const Token& next = stream_.Peek();
      if (next.IsOperator("=") || next.text == end) break;
      all.parts.push_back(ParseTarget(with_attribute));
    }
    return all;
  }

  TokenStream stream_;
  ExpressionParser expressions_;
  int loops_ = 0;  // around the current statement, within the current macro
};

}  // namespace

Block Parse(std::string_view source, const std::string& name) { return Parser(source, name).Run(); }

}  // namespace retort::jinja

#include "math/functions.h"

#include <algorithm>

namespace retort {
namespace {

using enum FunctionKind;
using enum WrittenAs;

constexpr size_t kMaxGluedLetters = 2;

constexpr std::array kFunctions = {
    FunctionEntry{
        "frac", Takes::kTwoArguments, kOther, kCommand, true, {"dfrac", "tfrac", "cfrac"}},
    FunctionEntry{"sqrt", Takes::kRoot, kOther, kGlued, true, {}},
    FunctionEntry{"binom", Takes::kTwoArguments, kOther, kCommand, false, {"dbinom", "tbinom"}},
    FunctionEntry{"overline", Takes::kLetter, kOther, kCommand, false, {"bar"}},
    FunctionEntry{"dot", Takes::kLetter, kOther, kCommand, false, {}},
    FunctionEntry{"sin", Takes::kProduct, kTrigonometric, kGlued, false, {}},
    FunctionEntry{"cos", Takes::kProduct, kTrigonometric, kGlued, false, {}},
    FunctionEntry{"tan", Takes::kProduct, kTrigonometric, kGlued, false, {}},
    FunctionEntry{"cot", Takes::kProduct, kTrigonometric, kPlainWord, false, {}},
    FunctionEntry{"sec", Takes::kProduct, kTrigonometric, kPlainWord, false, {}},
    FunctionEntry{"csc", Takes::kProduct, kTrigonometric, kPlainWord, false, {}},
    FunctionEntry{"arcsin", Takes::kProduct, kInverse, kPlainWord, false, {}},
    FunctionEntry{"arccos", Takes::kProduct, kInverse, kPlainWord, false, {}},
    FunctionEntry{"arctan", Takes::kProduct, kInverse, kPlainWord, false, {}},
    FunctionEntry{"arccot", Takes::kProduct, kInverse, kCommand, false, {}},
    FunctionEntry{"arcsec", Takes::kProduct, kInverse, kCommand, false, {}},
    FunctionEntry{"arccsc", Takes::kProduct, kInverse, kCommand, false, {}},
    FunctionEntry{"sinh", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"cosh", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"tanh", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"coth", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"sech", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"csch", Takes::kProduct, kHyperbolic, kCommand, false, {}},
    FunctionEntry{"ln", Takes::kProduct, kOther, kGlued, false, {}},
    FunctionEntry{"log", Takes::kProduct, kOther, kGlued, false, {}},
    FunctionEntry{"lg", Takes::kProduct, kOther, kCommand, false, {}},
    FunctionEntry{"exp", Takes::kProduct, kOther, kPlainWord, false, {}},
    FunctionEntry{"floor", Takes::kProduct, kStep, kCommand, false, {}},
    FunctionEntry{"ceil", Takes::kProduct, kStep, kCommand, false, {}},
    FunctionEntry{"sign", Takes::kProduct, kStep, kCommand, false, {"sgn"}},
    FunctionEntry{"gcd", Takes::kList, kOther, kCommand, false, {}},
    FunctionEntry{"lcm", Takes::kList, kOther, kCommand, false, {}},
    FunctionEntry{"max", Takes::kList, kOfSeveral, kCommand, false, {}},
    FunctionEntry{"min", Takes::kList, kOfSeveral, kCommand, false, {}},
    FunctionEntry{"mod", Takes::kTwoArguments, kOfSeveral, kNotation, false, {}},
    FunctionEntry{"abs", Takes::kProduct, kOther, kNotation, false, {}},
    FunctionEntry{"factorial", Takes::kProduct, kOther, kNotation, false, {}},
};

template <typename Wanted>
const FunctionEntry* FindWhere(const Wanted& wanted) {
  const auto* found = std::find_if(kFunctions.begin(), kFunctions.end(), wanted);
  return found == kFunctions.end() ? nullptr : found;
}

}  // namespace

const FunctionEntry* FindFunction(std::string_view name) {
  return FindWhere([name](const FunctionEntry& function) { return function.name == name; });
}

const FunctionEntry* FindFunctionCommand(std::string_view command) {
  if (command.empty()) return nullptr;
  return FindWhere([command](const FunctionEntry& function) {
    const auto& others = function.other_commands;
    return function.written >= kCommand &&
           (function.name == command ||
            std::find(others.begin(), others.end(), command) != others.end());
  });
}

const FunctionEntry* FindFunctionWord(std::string_view word) {
  return FindWhere([word](const FunctionEntry& function) {
    return function.written >= kPlainWord && function.name == word;
  });
}

const FunctionEntry* FindGluedFunction(std::string_view letters) {
  return FindWhere([letters](const FunctionEntry& function) {
    return function.written >= kGlued && letters.starts_with(function.name) &&
           letters.size() <= function.name.size() + kMaxGluedLetters;
  });
}

FunctionKind KindOf(std::string_view name) {
  if (name.starts_with("arc")) return kInverse;
  const FunctionEntry* function = FindFunction(name);
  return function == nullptr ? kOther : function->kind;
}

}  // namespace retort

// The functions that answers may hold: one table of how each is written, what it takes and what
// kind it is, for lexer, parser and evaluator alike.
//
//   FindFunction("frac")->takes      // Takes::kTwoArguments
//   FindFunctionCommand("dfrac")     // the row of "frac"
//   KindOf("arctan")                 // FunctionKind::kInverse
//
// A new function is a row here, its exact values a line in form_function.cpp, its values in
// floating point one in elementary.cpp. Stateless and thread-safe.
#pragma once

#include <array>
#include <string_view>

namespace retort {

// What the parser reads as arguments.
enum class Takes {
  kTwoArguments,  // \frac{1}{2}, \frac12
  kRoot,          // \sqrt[3]{x}
  kList,          // \gcd(a, b): commas lie between arguments, whatever else they mean
  kLetter,        // \overline{z}
  kProduct,       // \sin 2x, \log_2 8, \tan^{-1} x
};

// Which functions of elementary.h have its values.
enum class FunctionKind {
  kTrigonometric,  // of an angle: degrees are turned into radians
  kHyperbolic,
  kInverse,
  kStep,       // floor and its like
  kOfSeveral,  // of several real numbers
  kOther,
};

// Each holds those before it.
enum class WrittenAs {
  kNotation,   // with signs of its own: |x|, n!, a mod b
  kCommand,    // \max
  kPlainWord,  // exp, in plain text
  kGlued,      // sinx
};

struct FunctionEntry {
  std::string_view name;  // in tokens and forms
  Takes takes;
  FunctionKind kind;
  WrittenAs written;
  bool in_numbers;  // a part of numbers, as in 3\frac{1}{2} and 2\sqrt{3}
  std::array<std::string_view, 3> other_commands;
};

// By its name; nullptr if unknown.
const FunctionEntry* FindFunction(std::string_view name);
// By the LaTeX command, without backslash.
const FunctionEntry* FindFunctionCommand(std::string_view command);
// By a word of plain text.
const FunctionEntry* FindFunctionWord(std::string_view word);
// The function whose name letters start with: of "sinx"; with at most two letters behind it.
const FunctionEntry* FindGluedFunction(std::string_view letters);

// "arc" before any name is its inverse.
FunctionKind KindOf(std::string_view name);

}  // namespace retort

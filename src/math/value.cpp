#include "math/value.h"

#include <algorithm>

#include "math/characters.h"
#include "math/expression.h"
#include "math/matrix.h"
#include "math/nesting.h"
#include "math/quantity.h"
#include "math/token_text.h"

namespace retort {
namespace {

using enum LatexTokenKind;
using Kind = Value::Kind;

class ValueReader {
 public:
  ValueReader(Tokens tokens, Algebra& algebra)
      : tokens_(tokens), nesting_(tokens), algebra_(algebra) {}

  Value Read() {
    if (!nesting_.balanced()) return Text(0, tokens_.size());
    return Statement(0, tokens_.size());
  }

 private:
  Value Text(size_t begin, size_t end) const {
    Value value;
    value.text = TextOf(tokens_.subspan(begin, end - begin));
    return value;
  }

  // Drops what ends sentences.
  void Trim(size_t& begin, size_t& end) const {
    while (begin < end && IsPunctuation(tokens_[begin])) ++begin;
    while (begin < end && IsPunctuation(tokens_[end - 1]) &&
           !EndsInFactorial(tokens_.subspan(begin, end - begin)))
      --end;
  }

  Value Statement(size_t begin, size_t end) {
    if (!algebra_.Spend(1 + static_cast<int64_t>(end - begin) / 8)) return Text(begin, end);
    Trim(begin, end);
    Value value = List(begin, end);
    value.text = TextOf(tokens_.subspan(begin, end - begin));
    return value;
  }

  Value List(size_t begin, size_t end) {
    const Parts parts = nesting_.Split(begin, end, [](const Token& token) {
      return (token.kind == kSeparator && token.text != ":") || token.kind == kRow;
    });
    if (parts.ranges.size() < 2) return Relation(begin, end);
    Value list;
    list.kind = Kind::kList;
    list.operators = parts.operators;
    for (const auto& [first, last] : parts.ranges) AppendItems(list.items, first, last);
    if (list.items.empty()) return Text(begin, end);
    list.operators.resize(list.items.size() - 1, ",");
    list.after_prose = list.items.front().after_prose || IsProse(list.items.front());
    return list;
  }

  // A "±" outside the braces of a set, whose items stand for themselves.
  bool HasPlusMinus(size_t begin, size_t end) const {
    for (size_t i = begin; i < end; ++i) {
      if (tokens_[i].Is(kOpen, "\\{")) i = nesting_.partner(i);
      if (tokens_[i].Is(kOperator, "pm") || tokens_[i].Is(kOperator, "mp")) return true;
    }
    return false;
  }

  // One item, or the two of "±".
  void AppendItems(std::vector<Value>& items, size_t begin, size_t end) {
    Trim(begin, end);
    if (begin == end) return;
    Value value = Relation(begin, end);
    value.text = TextOf(tokens_.subspan(begin, end - begin));
    if (value.kind == Kind::kList) {
      for (Value& item : value.items) items.push_back(std::move(item));
    } else {
      items.push_back(std::move(value));
    }
  }

  Value Relation(size_t begin, size_t end) {
    if (sign_ == PlusMinus::kPlus && !in_plus_minus_ && HasPlusMinus(begin, end)) {
      return BothSigns(begin, end);
    }
    const Parts parts =
        nesting_.Split(begin, end, [](const Token& token) { return token.kind == kRelation; });
    if (parts.ranges.size() == 1) {
      // "= 5": what stands before is missing.
      return SetExpression(parts.ranges[0].first, parts.ranges[0].second);
    }
    if (parts.ranges.empty()) return Text(begin, end);
    Value relation;
    relation.kind = Kind::kRelation;
    relation.operators = parts.operators;
    for (const auto& [first, last] : parts.ranges) {
      relation.items.push_back(SetExpression(first, last));
      relation.items.back().text = TextOf(tokens_.subspan(first, last - first));
    }
    // Words before a formula; a name may be words: "area = 5".
    relation.after_prose = relation.items.front().after_prose || IsProse(relation.items.front());
    return relation;
  }

  // Several words, and not one name.
  static bool IsProse(const Value& value) {
    return value.kind == Kind::kText && value.text.find(' ') != std::string::npos;
  }

  Value BothSigns(size_t begin, size_t end) {
    in_plus_minus_ = true;
    Value list;
    list.kind = Kind::kList;
    for (const PlusMinus sign : {PlusMinus::kPlus, PlusMinus::kMinus}) {
      sign_ = sign;
      list.items.push_back(Relation(begin, end));
    }
    list.operators = {","};
    sign_ = PlusMinus::kPlus;
    in_plus_minus_ = false;
    return list;
  }

  Value SetExpression(size_t begin, size_t end) {
    const Parts parts =
        nesting_.Split(begin, end, [](const Token& token) { return token.kind == kSetOperator; });
    if (parts.ranges.size() < 2) return Ratio(begin, end);
    Value value;
    value.kind = Kind::kUnion;
    value.operators = parts.operators;
    for (const auto& [first, last] : parts.ranges) value.items.push_back(Ratio(first, last));
    return value;
  }

  Value Ratio(size_t begin, size_t end) {
    const Parts parts =
        nesting_.Split(begin, end, [](const Token& token) { return token.Is(kSeparator, ":"); });
    if (parts.ranges.size() < 2) return Single(begin, end);
    Value value;
    value.kind = Kind::kRatio;
    for (const auto& [first, last] : parts.ranges) {
      value.items.push_back(Single(first, last));
      value.items.back().text = TextOf(tokens_.subspan(first, last - first));
    }
    value.unit = value.items.back().unit;
    // "Answer: 5"
    if (value.items.size() == 2 && value.items.front().kind == Kind::kText) {
      Value last = std::move(value.items.back());
      last.after_prose = true;
      return last;
    }
    return value;
  }

  Value Single(size_t begin, size_t end) {
    if (begin == end) return Text(begin, end);
    const Tokens tokens = tokens_.subspan(begin, end - begin);
    const auto begins = [](const Token& token) { return token.kind == kBegin; };
    if (std::any_of(tokens.begin(), tokens.end(), begins)) return Matrices(begin, end);
    if (std::optional<Value> value = Bracketed(begin, end)) return std::move(*value);
    if (std::optional<Value> value = ReadBased(tokens)) return std::move(*value);
    std::optional<Value> value = ReadQuantity(tokens, sign_, algebra_);
    return value ? std::move(*value) : Text(begin, end);
  }

  // Names before the brackets of a point, "P(1, 2)", "点(1, 2)", are dropped.
  std::optional<Value> Bracketed(size_t begin, size_t end) {
    size_t open = begin;
    while (open < end && (tokens_[open].kind == kWord || tokens_[open].kind == kName)) ++open;
    if (open == end || tokens_[open].kind != kOpen) return std::nullopt;
    size_t behind = nesting_.partner(open) + 1;
    if (behind > end) return std::nullopt;
    for (size_t i = behind; i < end; ++i) {
      if (tokens_[i].kind != kWord) return std::nullopt;
    }
    const std::string& bracket = tokens_[open].text;
    if (bracket == "floor" || bracket == "ceil") return std::nullopt;
    if (++depth_ > kMaxNesting) return std::nullopt;
    std::optional<Value> value = Inside(open, begin);
    --depth_;
    if (value) value->after_prose = value->after_prose || open > begin;
    return value;
  }

  std::optional<Value> Inside(size_t open, size_t begin) {
    const size_t close = nesting_.partner(open);
    const std::string& bracket = tokens_[open].text;
    const Parts parts = nesting_.Split(open + 1, close, [](const Token& token) {
      return token.kind == kSeparator && token.text != ":";
    });
    if (parts.ranges.size() < 2 && bracket != "\\{") {
      if (open > begin) return std::nullopt;  // f(x)
      const Tokens tokens = tokens_.subspan(open, close + 1 - open);
      if (std::optional<Value> value = ReadQuantity(tokens, sign_, algebra_)) return value;
      return parts.ranges.empty() ? std::nullopt : std::optional(Statement(open + 1, close));
    }
    if (parts.ranges.empty()) return std::nullopt;
    Value value;
    value.kind = bracket == "{" ? Kind::kList : bracket == "\\{" ? Kind::kSet : Kind::kTuple;
    value.open = bracket;
    value.close = tokens_[close].text;
    for (const auto& [first, last] : parts.ranges) AppendItems(value.items, first, last);
    if (value.items.empty()) return std::nullopt;
    return value;
  }

  // A matrix, or a sum of multiples and products of matrices.
  Value Matrices(size_t begin, size_t end) {
    if (tokens_[begin].kind == kBegin && nesting_.partner(begin) + 1 == end) {
      return Matrix(begin, end);
    }
    if (tokens_[begin].kind == kOpen && nesting_.partner(begin) + 1 == end) {
      return Statement(begin + 1, end - 1);
    }
    Value sum;
    for (size_t i = begin; i < end;) {
      Form scale(Rational(tokens_[i].Is(kOperator, "-") ? -1 : 1));
      if (tokens_[i].Is(kOperator, "+") || tokens_[i].Is(kOperator, "-")) ++i;
      size_t matrix = i;
      while (matrix < end && tokens_[matrix].kind != kBegin) ++matrix;
      if (matrix == end || !ReadFactor(i, matrix, scale)) return Text(begin, end);
      i = nesting_.partner(matrix) + 1;
      Value product = Matrix(matrix, i);
      while (i < end && tokens_[i].kind == kBegin) {
        const size_t behind = nesting_.partner(i) + 1;
        product = MatrixProduct(product, Matrix(i, behind), algebra_);
        i = behind;
      }
      if (!AddScaledMatrix(sum, product, scale, algebra_)) return Text(begin, end);
      if (i < end && tokens_[i].kind != kOperator) return Text(begin, end);
    }
    return sum;
  }

  // The number before a matrix, if there is one.
  bool ReadFactor(size_t begin, size_t end, Form& scale) {
    if (begin == end) return true;
    const auto parsed = ParseExpression(tokens_.subspan(begin, end - begin), sign_, algebra_);
    if (!parsed || parsed->end != end - begin) return false;
    const Algebra::Result scaled = algebra_.Multiply(parsed->form, scale);
    if (scaled) scale = *scaled;
    return scaled.has_value();
  }

  Value Matrix(size_t begin, size_t end) {
    const std::string& environment = tokens_[begin].text;
    if (environment.find("matrix") == std::string::npos && environment != "array") {
      return Statement(begin + 1, end - 1);  // cases, aligned
    }
    Value matrix;
    matrix.kind = Kind::kMatrix;
    if (++depth_ > kMaxNesting) return Text(begin, end);
    const Parts rows =
        nesting_.Split(begin + 1, end - 1, [](const Token& token) { return token.kind == kRow; });
    for (const auto& [first, last] : rows.ranges) {
      const Parts cells =
          nesting_.Split(first, last, [](const Token& token) { return token.kind == kCell; });
      if (matrix.columns != 0 && cells.ranges.size() != matrix.columns) {
        --depth_;
        return Text(begin, end);
      }
      matrix.columns = cells.ranges.size();
      for (const auto& [from, to] : cells.ranges) matrix.items.push_back(Statement(from, to));
    }
    --depth_;
    return matrix;
  }

  Tokens tokens_;
  Nesting nesting_;
  Algebra& algebra_;
  PlusMinus sign_ = PlusMinus::kPlus;
  bool in_plus_minus_ = false;
  int depth_ = 0;
};

}  // namespace

Value ReadValue(std::string_view text, Commas commas, Algebra& algebra) {
  if (text.size() > kMaxAnswerBytes) return {};
  if (!algebra.Spend(1 + static_cast<int64_t>(text.size()) / 8)) return {};
  const std::vector<Token> tokens = Tokenize(ToLatex(text), commas);
  return ValueReader(tokens, algebra).Read();
}

Value ExpressionValue(Form form) {
  Value value;
  value.kind = Kind::kExpression;
  value.form = std::move(form);
  return value;
}

}  // namespace retort

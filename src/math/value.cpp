#include "math/value.h"

#include <algorithm>
#include <array>
#include <span>

#include "math/characters.h"
#include "math/expression.h"

namespace retort {
namespace {

using enum TokenKind;
using Kind = Value::Kind;
using Tokens = std::span<const Token>;

constexpr int kMaxNesting = 64;

struct Magnitude {
  std::string_view word;
  int64_t factor;
};
constexpr std::array kMagnitudes = {
    Magnitude{"hundred", 100}, Magnitude{"thousand", 1000}, Magnitude{"million", 1'000'000},
    Magnitude{"billion", 1'000'000'000}, Magnitude{"trillion", 1'000'000'000'000}};
constexpr std::array kChineseMagnitudes = {Magnitude{"千米", 1},    Magnitude{"千克", 1},
                                           Magnitude{"百", 100},    Magnitude{"千", 1000},
                                           Magnitude{"万", 10'000}, Magnitude{"亿", 100'000'000}};

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsPunctuation(const Token& token) {
  return token.kind == kSeparator ||
         (token.kind == kWord && token.text.size() == 1 &&
          std::string_view(".?\"'`#").find(token.text[0]) != std::string_view::npos) ||
         token.Is(kOperator, "!");
}

// For every bracket, \begin and \end the index of its partner, else 0.
class Nesting {
 public:
  explicit Nesting(Tokens tokens) : partner_(tokens.size(), 0) {
    std::vector<size_t> open;
    for (size_t i = 0; i < tokens.size(); ++i) {
      const TokenKind kind = tokens[i].kind;
      if (kind == kOpen || kind == kBegin) open.push_back(i);
      if (kind != kClose && kind != kEnd) continue;
      if (open.empty() || !Match(tokens[open.back()], tokens[i])) {
        balanced_ = false;
        return;
      }
      partner_[open.back()] = i;
      partner_[i] = open.back();
      open.pop_back();
      balanced_ = balanced_ && open.size() < kMaxNesting;
    }
    balanced_ = balanced_ && open.empty();
  }
  bool balanced() const { return balanced_; }
  size_t partner(size_t i) const { return partner_[i]; }

 private:
  static bool Match(const Token& open, const Token& close) {
    if (open.kind == kBegin || close.kind == kEnd) return open.kind == kBegin && close.kind == kEnd;
    const bool round = open.text == "(" || open.text == "[";
    if (round) return close.text == ")" || close.text == "]";
    if (open.text == "{") return close.text == "}";
    return open.text == close.text || (open.text == "\\{" && close.text == "\\}");
  }
  std::vector<size_t> partner_;
  bool balanced_ = true;
};

bool IsLatin(const Token& word) {
  const char first = Lower(word.text[0]);
  return word.kind == kWord && first >= 'a' && first <= 'z';
}

std::string TextOf(Tokens tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (IsPunctuation(token) && !token.Is(kSeparator, ":")) continue;
    if (!text.empty() && (token.kind == kWord || token.spaced)) text += ' ';
    for (const char c : token.text) text += Lower(c);
  }
  return text;
}

// Letters with subscripts, brackets and functions, as in "AB", "S_1", "f(x)", "\\frac{AB}{CD}".
bool IsName(Tokens tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool mark = token.Is(kOperator, "_") || token.Is(kOperator, "'");
    const bool index = token.kind == kNumber && i > 0 &&
                       (tokens[i - 1].Is(kOperator, "_") || tokens[i - 1].kind == kOpen);
    const bool letters = token.kind == kName || token.kind == kFunction ||
                         (token.kind == kWord && i > 0) || token.Is(kOperator, "|");
    if (!letters && token.kind != kOpen && token.kind != kClose && !mark && !index) {
      return false;
    }
  }
  return std::any_of(tokens.begin(), tokens.end(),
                     [](const Token& token) { return token.kind == kName; });
}

class Reader {
 public:
  Reader(Tokens tokens, Algebra& algebra) : tokens_(tokens), nesting_(tokens), algebra_(algebra) {}

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

  Value Statement(size_t begin, size_t end) {
    while (begin < end && IsPunctuation(tokens_[begin])) ++begin;
    while (begin < end && IsPunctuation(tokens_[end - 1]) && !IsFactorial(begin, end)) --end;
    Value value = List(begin, end);
    value.text = TextOf(tokens_.subspan(begin, end - begin));
    return value;
  }

  bool IsFactorial(size_t begin, size_t end) const {
    if (end < begin + 2 || !tokens_[end - 1].Is(kOperator, "!")) return false;
    const TokenKind before = tokens_[end - 2].kind;
    return before == kNumber || before == kName || before == kClose;
  }

  // Calls at(i) for every token outside brackets.
  template <typename At>
  void AtTop(size_t begin, size_t end, const At& at) const {
    for (size_t i = begin; i < end; ++i) {
      if (tokens_[i].kind == kOpen || tokens_[i].kind == kBegin) {
        i = nesting_.partner(i);
      } else {
        at(i);
      }
    }
  }

  struct Parts {
    std::vector<std::pair<size_t, size_t>> ranges;
    std::vector<std::string> operators;  // one less
  };

  // Splits where `splits` says so. Empty parts vanish with one of their separators.
  template <typename Splits>
  Parts Split(size_t begin, size_t end, const Splits& splits) const {
    Parts parts;
    std::string waiting;
    size_t start = begin;
    const auto finish = [&](size_t stop) {
      if (stop == start) return;
      if (!parts.ranges.empty()) parts.operators.push_back(waiting);
      parts.ranges.emplace_back(start, stop);
      waiting.clear();
    };
    AtTop(begin, end, [&](size_t i) {
      if (!splits(tokens_[i])) return;
      finish(i);
      if (waiting.empty() || tokens_[i].text != ",") waiting = tokens_[i].text;
      start = i + 1;
    });
    finish(end);
    return parts;
  }

  Value List(size_t begin, size_t end) {
    const Parts parts = Split(begin, end, [](const Token& token) {
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
    while (begin < end && IsPunctuation(tokens_[begin])) ++begin;
    while (begin < end && IsPunctuation(tokens_[end - 1]) && !IsFactorial(begin, end)) --end;
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
        Split(begin, end, [](const Token& token) { return token.kind == kRelation; });
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
        Split(begin, end, [](const Token& token) { return token.kind == kSetOperator; });
    if (parts.ranges.size() < 2) return Ratio(begin, end);
    Value value;
    value.kind = Kind::kUnion;
    value.operators = parts.operators;
    for (const auto& [first, last] : parts.ranges) value.items.push_back(Ratio(first, last));
    return value;
  }

  Value Ratio(size_t begin, size_t end) {
    const Parts parts =
        Split(begin, end, [](const Token& token) { return token.Is(kSeparator, ":"); });
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
    if (std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(begin),
                    tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                    [](const Token& token) { return token.kind == kBegin; })) {
      return Matrices(begin, end);
    }
    if (std::optional<Value> value = Bracketed(begin, end)) return std::move(*value);
    if (std::optional<Value> value = Based(begin, end)) return std::move(*value);
    return Expression(begin, end);
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
    const Parts parts = Split(open + 1, close, [](const Token& token) {
      return token.kind == kSeparator && token.text != ":";
    });
    if (parts.ranges.size() < 2 && bracket != "\\{") {
      if (open > begin) return std::nullopt;  // f(x)
      const Value expression = Expression(open, close + 1);
      if (expression.kind == Kind::kExpression) return expression;
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

  // 204_5
  std::optional<Value> Based(size_t begin, size_t end) {
    const Tokens tokens = tokens_.subspan(begin, end - begin);
    if (tokens.size() < 3 || tokens[0].kind != kNumber || !tokens[1].Is(kOperator, "_")) {
      return std::nullopt;
    }
    const bool braces = tokens[2].Is(kOpen, "{");
    if (tokens.size() != (braces ? 5u : 3u)) return std::nullopt;
    const Token& base = tokens[braces ? 3 : 2];
    if (base.kind != kNumber || base.text.size() > 2 ||
        base.text.find_first_not_of("0123456789") != std::string::npos) {
      return std::nullopt;
    }
    Value value;
    value.kind = Kind::kBased;
    value.form = Form(ReadDecimal(tokens[0].text));
    value.columns = static_cast<size_t>(std::stoi(base.text));
    return value;
  }

  Value Expression(size_t begin, size_t end) {
    size_t start = begin;
    while (start < end && (tokens_[start].kind == kWord || IsPunctuation(tokens_[start]))) ++start;
    // "K2A" is no number.
    const bool glued = start > begin && start < end && !tokens_[start].spaced &&
                       tokens_[start].kind == kNumber && IsLatin(tokens_[start - 1]);
    if (start == end || glued) return Text(begin, end);
    std::optional<ParsedExpression> parsed =
        ParseExpression(tokens_.subspan(start, end - start), sign_, algebra_);
    if (!parsed) return Text(begin, end);
    Value value;
    value.kind = Kind::kExpression;
    value.form = std::move(parsed->form);
    value.decimals = parsed->decimals;
    value.has_decimal = parsed->has_decimal;
    value.percent = parsed->percent;
    value.after_prose = start > begin;
    value.letters = IsName(tokens_.subspan(start, parsed->end));
    const size_t behind = start + parsed->end;
    // "We find x": letters with words behind them are prose.
    if (value.letters && behind < end && tokens_[behind].kind == kWord &&
        !tokens_[behind].in_text) {
      return Text(begin, end);
    }
    if (!TakeUnit(behind, end, value)) return Text(begin, end);
    return value;
  }

  // What follows a number must be words, with exponents and "/" between: "cm^2", "km/h", "万元".
  bool TakeUnit(size_t begin, size_t end, Value& value) {
    for (size_t i = begin; i < end; ++i) {
      const Token& token = tokens_[i];
      if (i == begin && token.kind == kWord) {
        if (const int64_t factor = FactorOf(token); factor != 1) {
          const Algebra::Result scaled = algebra_.Multiply(value.form, Form(Rational(factor)));
          if (!scaled) return false;
          value.form = *scaled;
          value.decimals = -1;
        }
      }
      if (token.Is(kOperator, "%")) value.percent = true;
      const bool first_is_word = i > begin || token.kind == kWord || IsPunctuation(token) ||
                                 token.Is(kOpen, "(") || token.Is(kOpen, "{");
      const bool part = token.kind == kWord || token.kind == kName || token.kind == kOpen ||
                        token.kind == kClose || IsPunctuation(token) ||
                        (token.kind == kOperator &&
                         std::string_view("^/%*-").find(token.text) != std::string_view::npos) ||
                        token.Is(kOperator, "deg") ||
                        (token.kind == kNumber && i > begin &&
                         (tokens_[i - 1].Is(kOperator, "^") || tokens_[i - 1].Is(kOpen, "{") ||
                          tokens_[i - 1].Is(kOperator, "-")));
      const bool slash =
          i == begin && token.Is(kOperator, "/") && i + 1 < end && tokens_[i + 1].kind == kWord;
      if (!part || !(first_is_word || slash || token.Is(kOperator, "%"))) return false;
      if (token.kind == kWord || token.kind == kName) value.unit += token.text + " ";
    }
    return true;
  }

  static int64_t FactorOf(const Token& word) {
    for (const Magnitude& magnitude : kMagnitudes) {
      if (word.text == magnitude.word) return magnitude.factor;
    }
    for (const Magnitude& magnitude : kChineseMagnitudes) {
      if (word.text.starts_with(magnitude.word)) return magnitude.factor;
    }
    return 1;
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
        product = Product(product, Matrix(i, behind));
        i = behind;
      }
      if (!AddScaled(sum, product, scale)) return Text(begin, end);
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

  static bool HasCells(const Value& matrix) {
    return matrix.kind == Kind::kMatrix && matrix.columns > 0 &&
           std::all_of(matrix.items.begin(), matrix.items.end(),
                       [](const Value& cell) { return cell.kind == Kind::kExpression; });
  }

  // Text if the sizes do not fit.
  Value Product(const Value& a, const Value& b) {
    if (!HasCells(a) || !HasCells(b) || a.columns * b.columns != b.items.size()) return {};
    Value product;
    product.kind = Kind::kMatrix;
    product.columns = b.columns;
    for (size_t row = 0; row < a.items.size() / a.columns; ++row) {
      for (size_t column = 0; column < b.columns; ++column) {
        Form cell;
        for (size_t k = 0; k < a.columns; ++k) {
          const Algebra::Result term = algebra_.Multiply(a.items[row * a.columns + k].form,
                                                         b.items[k * b.columns + column].form);
          const Algebra::Result total = term ? algebra_.Add(cell, *term) : std::nullopt;
          if (!total) return {};
          cell = *total;
        }
        product.items.push_back(ExpressionValue(std::move(cell)));
      }
    }
    return product;
  }

  bool AddScaled(Value& sum, const Value& matrix, const Form& scale) {
    if (!HasCells(matrix)) return false;
    const bool first = sum.items.empty();
    if (first) {
      sum = matrix;
    } else if (sum.columns != matrix.columns || sum.items.size() != matrix.items.size()) {
      return false;
    }
    for (size_t i = 0; i < matrix.items.size(); ++i) {
      const Algebra::Result cell = algebra_.Multiply(matrix.items[i].form, scale);
      const Algebra::Result total = cell && !first ? algebra_.Add(sum.items[i].form, *cell) : cell;
      if (!total) return false;
      sum.items[i].form = *total;
    }
    return true;
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
        Split(begin + 1, end - 1, [](const Token& token) { return token.kind == kRow; });
    for (const auto& [first, last] : rows.ranges) {
      const Parts cells =
          Split(first, last, [](const Token& token) { return token.kind == kCell; });
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
  const std::vector<Token> tokens = Tokenize(ToLatex(text), commas);
  return Reader(tokens, algebra).Read();
}

Value ExpressionValue(Form form) {
  Value value;
  value.kind = Kind::kExpression;
  value.form = std::move(form);
  return value;
}

}  // namespace retort

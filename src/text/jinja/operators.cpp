#include "text/jinja/operators.h"

#include <algorithm>
#include <cmath>

#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

// In the order of BinaryOp.
constexpr const char* kSymbols[] = {"+", "-", "*", "/", "//", "%", "** or pow()"};

[[noreturn]] void NoSuchOperation(BinaryOp op, const Value& left, const Value& right) {
  Fault::Throw("unsupported operand type(s) for {}: '{}' and '{}'",
               kSymbols[static_cast<size_t>(op)], TypeName(left), TypeName(right));
}

Value Checked(bool overflows, int64_t result) {
  if (overflows) Fault::ThrowUnsupported("an integer beyond 64 bits");
  return Value::Int(result);
}

Value IntPower(int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base == 0) Fault::Throw("0.0 cannot be raised to a negative power");
    return Value::Float(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  }
  if (base == 0 || base == 1) return Value::Int(exponent == 0 ? 1 : base);
  if (base == -1) return Value::Int(exponent % 2 == 0 ? 1 : -1);
  int64_t result = 1;
  for (int64_t i = 0; i < exponent; ++i) {
    if (__builtin_mul_overflow(result, base, &result)) return Checked(true, 0);
  }
  return Value::Int(result);
}

// Python rounds quotients down.
Value IntQuotient(BinaryOp op, int64_t a, int64_t b) {
  if (b == 0 && op == BinaryOp::kModulo) Fault::Throw("integer modulo by zero");
  if (b == 0) Fault::Throw("integer division or modulo by zero");
  if (b == -1) {
    int64_t negated = 0;
    const bool overflows = __builtin_sub_overflow(int64_t{0}, a, &negated);
    return op == BinaryOp::kModulo ? Value::Int(0) : Checked(overflows, negated);
  }
  int64_t quotient = a / b, remainder = a % b;
  if (remainder != 0 && (remainder < 0) != (b < 0)) {
    --quotient;
    remainder += b;
  }
  return Value::Int(op == BinaryOp::kModulo ? remainder : quotient);
}

Value CalculateInts(BinaryOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflows = false;
  switch (op) {
    case BinaryOp::kAdd:
      overflows = __builtin_add_overflow(a, b, &result);
      break;
    case BinaryOp::kSubtract:
      overflows = __builtin_sub_overflow(a, b, &result);
      break;
    case BinaryOp::kMultiply:
      overflows = __builtin_mul_overflow(a, b, &result);
      break;
    case BinaryOp::kDivide:
      if (b == 0) Fault::Throw("division by zero");
      return Value::Float(static_cast<double>(a) / static_cast<double>(b));
    case BinaryOp::kPower:
      return IntPower(a, b);
    default:
      return IntQuotient(op, a, b);
  }
  return Checked(overflows, result);
}

double FloatModulo(double a, double b) {
  const double remainder = std::fmod(a, b);
  if (remainder == 0) return std::copysign(0.0, b);
  return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

Value CalculateFloats(BinaryOp op, double a, double b) {
  const bool divides =
      op == BinaryOp::kDivide || op == BinaryOp::kFloorDivide || op == BinaryOp::kModulo;
  if (divides && b == 0) Fault::Throw("float division by zero");
  switch (op) {
    case BinaryOp::kAdd:
      return Value::Float(a + b);
    case BinaryOp::kSubtract:
      return Value::Float(a - b);
    case BinaryOp::kMultiply:
      return Value::Float(a * b);
    case BinaryOp::kDivide:
      return Value::Float(a / b);
    case BinaryOp::kModulo:
      return Value::Float(FloatModulo(a, b));
    case BinaryOp::kFloorDivide:
      return Value::Float(std::round((a - FloatModulo(a, b)) / b));
    case BinaryOp::kPower:
      return Value::Float(std::pow(a, b));
  }
  return {};
}

Value Add(Runtime& runtime, const Value& left, const Value& right) {
  if (const std::string* a = left.AsText()) {
    const std::string* b = right.AsText();
    if (!b) Fault::Throw("can only concatenate str (not \"{}\") to str", TypeName(right));
    runtime.SpendBytes(a->size() + b->size());
    return Value::Text(*a + *b);
  }
  if (const List* a = left.AsList()) {
    const List* b = right.AsList();
    if (!b || a->is_tuple != b->is_tuple) {
      Fault::Throw("can only concatenate {0} (not \"{1}\") to {0}", TypeName(left),
                   TypeName(right));
    }
    std::vector<Value> items = a->items;
    items.insert(items.end(), b->items.begin(), b->items.end());
    return runtime.NewList(std::move(items), a->is_tuple);
  }
  NoSuchOperation(BinaryOp::kAdd, left, right);
}

Value Repeat(Runtime& runtime, const Value& sequence, int64_t times) {
  const auto n = static_cast<size_t>(std::max<int64_t>(times, 0));
  if (const std::string* text = sequence.AsText()) {
    if (n == 0 || text->empty()) return Value::Text("");
    runtime.SpendBytes(n > SIZE_MAX / text->size() ? SIZE_MAX : n * text->size());
    std::string out;
    for (size_t i = 0; i < n; ++i) out += *text;
    return Value::Text(std::move(out));
  }
  const List& list = *sequence.AsList();
  if (n == 0 || list.items.empty()) return MakeList({}, list.is_tuple);
  runtime.Spend(n > SIZE_MAX / list.items.size() ? SIZE_MAX : n * list.items.size());
  std::vector<Value> items;
  for (size_t i = 0; i < n; ++i) items.insert(items.end(), list.items.begin(), list.items.end());
  return MakeList(std::move(items), list.is_tuple);
}

bool Contains(const Value& container, const Value& item) {
  if (container.IsUndefined()) return false;
  if (const std::string* text = container.AsText()) {
    const std::string* part = item.AsText();
    if (!part) {
      ThrowIfUndefined(item);
      Fault::Throw("'in <string>' requires string as left operand, not {}", TypeName(item));
    }
    return text->find(*part) != std::string::npos;
  }
  if (const List* list = container.AsList()) {
    return std::any_of(list->items.begin(), list->items.end(),
                       [&item](const Value& value) { return Equal(value, item); });
  }
  if (const Dict* dict = container.AsDict()) return dict->Find(item) != nullptr;
  Fault::Throw("argument of type '{}' is not iterable", TypeName(container));
}

}  // namespace

Value Calculate(Runtime& runtime, BinaryOp op, const Value& left, const Value& right) {
  ThrowIfUndefined(left);
  ThrowIfUndefined(right);
  int64_t a = 0, b = 0;
  const bool left_int = left.ToInt(&a), right_int = right.ToInt(&b);
  if (left_int && right_int) return CalculateInts(op, a, b);
  double x = 0, y = 0;
  if (left.ToDouble(&x) && right.ToDouble(&y)) return CalculateFloats(op, x, y);
  if (op == BinaryOp::kAdd) return Add(runtime, left, right);
  const auto is_sequence = [](const Value& value) { return value.AsText() || value.AsList(); };
  if (op == BinaryOp::kMultiply && is_sequence(left) && right_int) return Repeat(runtime, left, b);
  if (op == BinaryOp::kMultiply && is_sequence(right) && left_int) return Repeat(runtime, right, a);
  if (op == BinaryOp::kModulo && left.AsText()) {
    Fault::ThrowUnsupported("formatting with % is not supported");
  }
  NoSuchOperation(op, left, right);
}

Value Negate(const Value& operand, bool negative) {
  ThrowIfUndefined(operand);
  int64_t i = 0;
  if (operand.ToInt(&i)) {
    int64_t result = i;
    const bool overflows = negative && __builtin_sub_overflow(int64_t{0}, i, &result);
    return Checked(overflows, result);
  }
  if (const double* d = operand.AsFloat()) return Value::Float(negative ? -*d : *d);
  Fault::Throw("bad operand type for unary {}: '{}'", negative ? '-' : '+', TypeName(operand));
}

bool Compare(Runtime& runtime, CompareOp op, const Value& left, const Value& right) {
  // A comparison walks no further than the smaller side, a search over the container.
  const bool searches = op == CompareOp::kIn || op == CompareOp::kNotIn;
  if (const Dict* dict = right.AsDict(); searches && dict) {
    runtime.SpendOn(left);
  } else {
    runtime.Spend(searches ? TreeSize(right) : std::min(TreeSize(left), TreeSize(right)));
  }
  switch (op) {
    case CompareOp::kEqual:
      return Equal(left, right);
    case CompareOp::kNotEqual:
      return !Equal(left, right);
    case CompareOp::kLess:
      return Less(left, right, "<");
    case CompareOp::kGreater:
      return Less(right, left, ">");
    case CompareOp::kLessEqual:
      return Less(left, right, "<=") || Equal(left, right);
    case CompareOp::kGreaterEqual:
      return Less(right, left, ">=") || Equal(left, right);
    case CompareOp::kIn:
      return Contains(right, left);
    case CompareOp::kNotIn:
      return !Contains(right, left);
  }
  return false;
}

bool IsIterable(const Value& value) {
  return value.IsUndefined() || value.AsText() || value.AsList() || value.AsDict();
}

std::vector<Value> Iterate(Runtime& runtime, const Value& value) {
  std::vector<Value> items;
  if (const List* list = value.AsList()) {
    items = list->items;
  } else if (const Dict* dict = value.AsDict()) {
    for (const auto& [key, item] : dict->items) items.push_back(key);
  } else if (const std::string* text = value.AsText()) {
    runtime.Spend(text->size());  // a value of a hundred bytes for each character
    for (const std::string_view point : CodePoints(*text)) {
      items.push_back(Value::Text(std::string(point)));
    }
  } else if (!value.IsUndefined()) {
    Fault::Throw("'{}' object is not iterable", TypeName(value));
  }
  runtime.Spend(items.size());
  return items;
}

int64_t Length(const Value& value) {
  if (value.IsUndefined()) return 0;
  if (const std::string* text = value.AsText()) return CodePointCount(*text);
  if (const List* list = value.AsList()) return static_cast<int64_t>(list->items.size());
  if (const Dict* dict = value.AsDict()) return static_cast<int64_t>(dict->items.size());
  Fault::Throw("object of type '{}' has no len()", TypeName(value));
}

Value ReplaceText(Runtime& runtime, std::string_view text, std::string_view from,
                  std::string_view to, int64_t limit) {
  std::string out;
  int64_t done = 0;
  const auto append = [&](std::string_view piece) {
    runtime.SpendBytes(piece.size());
    out += piece;
  };
  while (done != limit) {
    // Nothing stands before every character and at the end.
    const size_t at = text.find(from);
    if (at == std::string_view::npos) break;
    append(text.substr(0, at));
    append(to);
    text.remove_prefix(at + from.size());
    ++done;
    if (from.empty()) {
      if (text.empty()) break;
      const size_t length = CodePoints(text.substr(0, 4))[0].size();
      append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  append(text);
  return Value::Text(std::move(out));
}

}  // namespace retort::jinja

#include "math/matrix.h"

#include <algorithm>

namespace retort {
namespace {

using Kind = Value::Kind;

bool HasCells(const Value& matrix) {
  return matrix.kind == Kind::kMatrix && matrix.columns > 0 &&
         std::all_of(matrix.items.begin(), matrix.items.end(),
                     [](const Value& cell) { return cell.kind == Kind::kExpression; });
}

}  // namespace

Value MatrixProduct(const Value& a, const Value& b, Algebra& algebra) {
  if (!HasCells(a) || !HasCells(b) || a.columns * b.columns != b.items.size()) return {};
  Value product;
  product.kind = Kind::kMatrix;
  product.columns = b.columns;
  for (size_t row = 0; row < a.items.size() / a.columns; ++row) {
    for (size_t column = 0; column < b.columns; ++column) {
      Form cell;
      for (size_t k = 0; k < a.columns; ++k) {
        const Algebra::Result term = algebra.Multiply(a.items[row * a.columns + k].form,
                                                      b.items[k * b.columns + column].form);
        const Algebra::Result total = term ? algebra.Add(cell, *term) : std::nullopt;
        if (!total) return {};
        cell = *total;
      }
      product.items.push_back(ExpressionValue(std::move(cell)));
    }
  }
  return product;
}

bool AddScaledMatrix(Value& sum, const Value& matrix, const Form& scale, Algebra& algebra) {
  if (!HasCells(matrix)) return false;
  const bool first = sum.items.empty();
  if (first) {
    sum = matrix;
  } else if (sum.columns != matrix.columns || sum.items.size() != matrix.items.size()) {
    return false;
  }
  for (size_t i = 0; i < matrix.items.size(); ++i) {
    const Algebra::Result cell = algebra.Multiply(matrix.items[i].form, scale);
    const Algebra::Result total = cell && !first ? algebra.Add(sum.items[i].form, *cell) : cell;
    if (!total) return false;
    sum.items[i].form = *total;
  }
  return true;
}

}  // namespace retort

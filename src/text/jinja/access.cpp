// Attributes, items and slices: what stands after a dot or in brackets.
#include <algorithm>

#include "text/jinja/builtins.h"
#include "text/jinja/operators.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

// How Jinja names the owner of a missing attribute.
std::string OwnerName(const Value& value) {
  return value.IsNone() ? "None" : TypeName(value) + " object";
}

Value NoAttribute(const Value& object, const std::string& name) {
  return Value::Missing(
      fmt::format("{} has no attribute {}", PythonRepr(OwnerName(object)), PythonRepr(name)));
}

// A method or an object's attribute; nullopt if there is none.
std::optional<Value> FindAttribute(Runtime& runtime, const Value& object, const std::string& name) {
  if (const Object* owner = object.AsObject()) return owner->Attribute(name);
  if (const auto method = FindMethod(object, name)) {
    return Value::Of(runtime.New<BoundMethod>(object, method));
  }
  return std::nullopt;
}

// Where `index` points in a sequence; false if outside.
bool Locate(int64_t index, int64_t size, size_t* position) {
  if (index < 0) index += size;
  if (index < 0 || index >= size) return false;
  *position = static_cast<size_t>(index);
  return true;
}

// The positions that a slice takes, as Python's slice.indices.
std::vector<size_t> SlicePositions(int64_t size, const Value& start, const Value& stop,
                                   const Value& step) {
  int64_t by = 1;
  if (!step.IsNone() && !step.ToInt(&by)) Fault::Throw("slice indices must be integers or None");
  if (by == 0) Fault::Throw("slice step cannot be zero");
  const int64_t low = by > 0 ? 0 : -1, high = by > 0 ? size : size - 1;
  const auto bound = [&](const Value& value, int64_t otherwise) {
    int64_t at = otherwise;
    if (value.IsNone()) return at;
    if (!value.ToInt(&at)) Fault::Throw("slice indices must be integers or None");
    if (at < 0) at = at < -size ? low : at + size;
    return std::clamp(at, low, high);
  };
  const int64_t first = bound(start, by > 0 ? low : high), last = bound(stop, by > 0 ? high : low);
  by = std::clamp(by, -(size + 1), size + 1);
  std::vector<size_t> positions;
  for (int64_t i = first; by > 0 ? i < last : i > last; i += by) {
    positions.push_back(static_cast<size_t>(i));
  }
  return positions;
}

}  // namespace

Value GetAttribute(Runtime& runtime, const Value& object, const std::string& name) {
  ThrowIfUndefined(object);
  if (auto found = FindAttribute(runtime, object, name)) return *std::move(found);
  if (const Dict* dict = object.AsDict()) {
    if (const Value* item = dict->Find(Value::Text(name))) return *item;
  }
  return NoAttribute(object, name);
}

Value GetItem(Runtime& runtime, const Value& object, const Value& index) {
  ThrowIfUndefined(object);
  if (const Dict* dict = object.AsDict()) {
    runtime.SpendOn(index);
    if (const Value* item = dict->Find(index)) return *item;
  }
  int64_t i = 0;
  size_t position = 0;
  if (index.ToInt(&i)) {
    if (const List* list = object.AsList()) {
      if (Locate(i, static_cast<int64_t>(list->items.size()), &position)) {
        return list->items[position];
      }
    } else if (const std::string* text = object.AsText()) {
      runtime.Spend(text->size() / 16);
      const auto points = CodePoints(*text);
      if (Locate(i, static_cast<int64_t>(points.size()), &position)) {
        return Value::Text(std::string(points[position]));
      }
    }
  }
  if (const std::string* name = index.AsText()) {
    if (auto found = FindAttribute(runtime, object, *name)) return *std::move(found);
    return NoAttribute(object, *name);
  }
  return Value::Missing(
      fmt::format("{} has no element {}", OwnerName(object), runtime.ReprOf(index)));
}

Value GetSlice(Runtime& runtime, const Value& object, const Value& start, const Value& stop,
               const Value& step) {
  ThrowIfUndefined(object);
  if (const List* list = object.AsList()) {
    std::vector<Value> items;
    for (const size_t i :
         SlicePositions(static_cast<int64_t>(list->items.size()), start, stop, step)) {
      items.push_back(list->items[i]);
    }
    return runtime.NewList(std::move(items), list->is_tuple);
  }
  if (const std::string* text = object.AsText()) {
    runtime.Spend(text->size() / 16);
    const auto points = CodePoints(*text);
    std::string out;
    for (const size_t i : SlicePositions(static_cast<int64_t>(points.size()), start, stop, step)) {
      out += points[i];
    }
    return runtime.NewText(std::move(out));
  }
  return Value::Missing(fmt::format("{} has no element slice({}, {}, {})", OwnerName(object),
                                    runtime.ReprOf(start), runtime.ReprOf(stop),
                                    runtime.ReprOf(step)));
}

}  // namespace retort::jinja

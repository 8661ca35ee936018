#include "text/jinja/value.h"

#include <algorithm>
#include <cstdint>

#include "text/jinja/object.h"
#include "text/jinja/python_text.h"

namespace retort::jinja {
namespace {

int DepthOf(const Value& value) {
  if (const List* list = value.AsList()) return list->depth;
  if (const Dict* dict = value.AsDict()) return dict->depth;
  return 0;
}

// Sums of these cannot overflow: each stays below the bound that it is cut to.
size_t Sum(size_t a, size_t b) { return std::min(a + b, SIZE_MAX / 4); }

int CheckDepth(int depth) {
  if (depth > kMaxValueDepth)
    Fault::Throw("lists and dictionaries nest more than {} deep", kMaxValueDepth);
  return depth;
}

void AppendRepr(const Value& value, std::string* out);

void AppendItems(const List& list, std::string* out) {
  for (size_t i = 0; i < list.items.size(); ++i) {
    if (i > 0) *out += ", ";
    AppendRepr(list.items[i], out);
  }
}

void AppendRepr(const Value& value, std::string* out) {
  if (const std::string* text = value.AsText()) {
    *out += PythonRepr(*text);
  } else if (const List* list = value.AsList()) {
    *out += list->is_tuple ? '(' : '[';
    AppendItems(*list, out);
    if (list->is_tuple && list->items.size() == 1) *out += ',';
    *out += list->is_tuple ? ')' : ']';
  } else if (const Dict* dict = value.AsDict()) {
    *out += '{';
    for (size_t i = 0; i < dict->items.size(); ++i) {
      if (i > 0) *out += ", ";
      AppendRepr(dict->items[i].first, out);
      *out += ": ";
      AppendRepr(dict->items[i].second, out);
    }
    *out += '}';
  } else {
    *out += value.IsUndefined() ? "Undefined" : ToText(value);
  }
}

bool ListsEqual(const List& a, const List& b) {
  return a.is_tuple == b.is_tuple &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), Equal);
}

bool DictsEqual(const Dict& a, const Dict& b) {
  if (a.items.size() != b.items.size()) return false;
  return std::all_of(a.items.begin(), a.items.end(), [&](const auto& item) {
    const Value* other = b.Find(item.first);
    return other && Equal(item.second, *other);
  });
}

}  // namespace

Value Value::Missing(std::string why) {
  return {Undefined{std::make_shared<const std::string>(std::move(why))}};
}

const std::string* Value::AsText() const {
  const auto* text = std::get_if<std::shared_ptr<const std::string>>(&data);
  return text ? text->get() : nullptr;
}

const List* Value::AsList() const {
  const auto* list = std::get_if<std::shared_ptr<const List>>(&data);
  return list ? list->get() : nullptr;
}

const Dict* Value::AsDict() const {
  const auto* dict = std::get_if<std::shared_ptr<const Dict>>(&data);
  return dict ? dict->get() : nullptr;
}

Object* Value::AsObject() const {
  Object* const* object = std::get_if<Object*>(&data);
  return object ? *object : nullptr;
}

bool Value::ToInt(int64_t* out) const {
  if (const bool* b = AsBool()) {
    *out = *b ? 1 : 0;
    return true;
  }
  const int64_t* i = std::get_if<int64_t>(&data);
  if (i) *out = *i;
  return i != nullptr;
}

bool Value::ToDouble(double* out) const {
  int64_t i = 0;
  if (ToInt(&i)) {
    *out = static_cast<double>(i);
    return true;
  }
  if (const double* d = AsFloat()) *out = *d;
  return AsFloat() != nullptr;
}

const Value* Dict::Find(const Value& key) const {
  for (const auto& [k, v] : items) {
    if (Equal(k, key)) return &v;
  }
  return nullptr;
}

Value MakeList(std::vector<Value> items, bool is_tuple) {
  int depth = 1;
  size_t size = 1;
  for (const Value& item : items) {
    depth = std::max(depth, DepthOf(item) + 1);
    size = Sum(size, TreeSize(item));
  }
  return {std::make_shared<const List>(List{std::move(items), is_tuple, CheckDepth(depth), size})};
}

Value MakeDict(std::vector<std::pair<Value, Value>> items) {
  Dict dict{{}, 1, 1};
  for (auto& [key, value] : items) {
    if (key.AsDict() || (key.AsList() && !key.AsList()->is_tuple)) {
      Fault::Throw("unhashable type: '{}'", TypeName(key));
    }
    dict.depth = std::max({dict.depth, DepthOf(key) + 1, DepthOf(value) + 1});
    dict.tree_size = Sum(dict.tree_size, Sum(TreeSize(key), TreeSize(value)));
    const Value& wanted = key;
    const auto present =
        std::find_if(dict.items.begin(), dict.items.end(),
                     [&wanted](const auto& item) { return Equal(item.first, wanted); });
    if (present != dict.items.end()) {
      present->second = std::move(value);
    } else {
      dict.items.emplace_back(std::move(key), std::move(value));
    }
  }
  CheckDepth(dict.depth);
  return {std::make_shared<const Dict>(std::move(dict))};
}

size_t TreeSize(const Value& value) {
  if (const std::string* text = value.AsText()) return 1 + text->size() / 64;
  if (const List* list = value.AsList()) return list->tree_size;
  if (const Dict* dict = value.AsDict()) return dict->tree_size;
  return 1;
}

void ThrowIfUndefined(const Value& value) {
  if (const Undefined* undefined = std::get_if<Undefined>(&value.data)) {
    Fault::Throw("{}", undefined->why ? *undefined->why : "value is undefined");
  }
}

std::string TypeName(const Value& value) {
  if (const List* list = value.AsList()) return list->is_tuple ? "tuple" : "list";
  if (const Object* object = value.AsObject()) return object->type_name();
  constexpr const char* kNames[] = {"Undefined", "NoneType", "bool", "int",
                                    "float",     "str",      "list", "dict"};
  return kNames[value.data.index()];
}

bool IsTrue(const Value& value) {
  double number = 0;
  if (value.ToDouble(&number)) return number != 0;
  if (const std::string* text = value.AsText()) return !text->empty();
  if (const List* list = value.AsList()) return !list->items.empty();
  if (const Dict* dict = value.AsDict()) return !dict->items.empty();
  return value.AsObject() != nullptr;
}

bool Equal(const Value& a, const Value& b) {
  int64_t ia = 0, ib = 0;
  if (a.ToInt(&ia) && b.ToInt(&ib)) return ia == ib;
  double da = 0, db = 0;
  if (a.ToDouble(&da) && b.ToDouble(&db)) return da == db;
  if (a.data.index() != b.data.index()) return false;
  if (const std::string* text = a.AsText()) return *text == *b.AsText();
  if (const List* list = a.AsList()) return ListsEqual(*list, *b.AsList());
  if (const Dict* dict = a.AsDict()) return DictsEqual(*dict, *b.AsDict());
  if (const Object* object = a.AsObject()) return object == b.AsObject();
  return a.IsNone() || a.IsUndefined();
}

bool Less(const Value& a, const Value& b, const char* symbol) {
  for (const Value* value : {&a, &b}) ThrowIfUndefined(*value);
  int64_t ia = 0, ib = 0;
  if (a.ToInt(&ia) && b.ToInt(&ib)) return ia < ib;
  double da = 0, db = 0;
  if (a.ToDouble(&da) && b.ToDouble(&db)) return da < db;
  if (a.AsText() && b.AsText()) return *a.AsText() < *b.AsText();
  const List *la = a.AsList(), *lb = b.AsList();
  if (la && lb && la->is_tuple == lb->is_tuple) {
    const size_t common = std::min(la->items.size(), lb->items.size());
    for (size_t i = 0; i < common; ++i) {
      if (!Equal(la->items[i], lb->items[i])) return Less(la->items[i], lb->items[i], symbol);
    }
    return la->items.size() < lb->items.size();
  }
  Fault::Throw("'{}' not supported between instances of '{}' and '{}'", symbol, TypeName(a),
               TypeName(b));
}

std::string ToText(const Value& value) {
  if (const std::string* text = value.AsText()) return *text;
  if (value.IsUndefined()) return "";
  if (value.IsNone()) return "None";
  if (const bool* b = value.AsBool()) return *b ? "True" : "False";
  if (const double* d = value.AsFloat()) return PythonRepr(*d);
  int64_t i = 0;
  if (value.ToInt(&i)) return std::to_string(i);
  if (const Object* object = value.AsObject()) {
    Fault::Throw("a {} has no text", object->type_name());
  }
  return ToRepr(value);
}

std::string ToRepr(const Value& value) {
  std::string out;
  AppendRepr(value, &out);
  return out;
}

}  // namespace retort::jinja

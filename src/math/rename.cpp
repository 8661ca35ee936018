#include "math/rename.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace retort {
namespace {

using Names = std::map<std::string, std::string>;

Algebra::Result Renamed(const Form& form, const Names& names, Algebra& algebra);

Algebra::Result Renamed(const AtomPtr& atom, const Names& names, Algebra& algebra) {
  if (atom->kind == Atom::Kind::kVariable) {
    const auto found = names.find(atom->name);
    if (found != names.end()) return Variable(found->second);
  }
  std::vector<Form> arguments;
  for (const Form& argument : atom->arguments) {
    Algebra::Result renamed = Renamed(argument, names, algebra);
    if (!renamed) return std::nullopt;
    arguments.push_back(std::move(*renamed));
  }
  if (atom->kind == Atom::Kind::kFunction) return algebra.Function(atom->name, arguments);
  if (atom->kind == Atom::Kind::kPower) return algebra.Power(arguments[0], arguments[1]);
  return Form(Polynomial{{Monomial{{atom, Exponent{}}}, Rational(1)}}, Form(Rational(1)).above());
}

Algebra::Result Renamed(const Polynomial& terms, const Names& names, Algebra& algebra) {
  Form sum;
  for (const auto& [monomial, coefficient] : terms) {
    Algebra::Result term = Form(coefficient);
    for (const auto& [atom, exponent] : monomial) {
      Algebra::Result factor = Renamed(atom, names, algebra);
      if (factor) factor = algebra.Power(*factor, Form(Rational(exponent.num, exponent.den)));
      term = factor ? algebra.Multiply(*term, *factor) : std::nullopt;
      if (!term) return std::nullopt;
    }
    const Algebra::Result next = algebra.Add(sum, *term);
    if (!next) return std::nullopt;
    sum = *next;
  }
  return sum;
}

Algebra::Result Renamed(const Form& form, const Names& names, Algebra& algebra) {
  const Algebra::Result above = Renamed(form.above(), names, algebra);
  const Algebra::Result below = Renamed(form.below(), names, algebra);
  return above && below ? algebra.Divide(*above, *below) : std::nullopt;
}

bool Rename(Value& value, const Names& names, Algebra& algebra) {
  Algebra::Result renamed = Renamed(value.form, names, algebra);
  if (!renamed) return false;
  value.form = std::move(*renamed);
  return std::all_of(value.items.begin(), value.items.end(),
                     [&](Value& item) { return Rename(item, names, algebra); });
}

void CollectVariables(const Value& value, std::set<std::string>& names) {
  for (std::string& name : VariablesOf(value.form)) names.insert(std::move(name));
  for (const Value& item : value.items) CollectVariables(item, names);
}

}  // namespace

Value RenamedAs(const Value& gold, Value given, Algebra& algebra) {
  std::set<std::string> wanted, written;
  CollectVariables(gold, wanted);
  CollectVariables(given, written);
  std::vector<std::string> to, from;
  std::set_difference(wanted.begin(), wanted.end(), written.begin(), written.end(),
                      std::back_inserter(to));
  std::set_difference(written.begin(), written.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(from));
  if (to.empty() || to.size() != from.size()) return given;
  Names names;
  for (size_t i = 0; i < to.size(); ++i) names[from[i]] = to[i];
  Value renamed = given;
  return Rename(renamed, names, algebra) ? renamed : given;
}

}  // namespace retort

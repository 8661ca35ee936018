// Turns what a model wrote as an answer into plain ASCII that the expression parser reads:
// full-width and typographic characters, LaTeX spacing and wrappers, currency and degree signs.
//
//   NormalizeAnswer("\\dfrac{3}{4}\\text{ 米}")  // "\\frac{3}{4} 米 "
//   NormalizeAnswer("−１，０００ ￥")              // "-1,000 "
//
// Left in place: \frac, \sqrt, \pi, \pm and whatever it does not know, so that the parser refuses
// it. Any bytes are accepted. Stateless and thread-safe; time linear in the text.
#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string NormalizeAnswer(std::string_view text);

}  // namespace retort

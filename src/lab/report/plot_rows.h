// What plots of rows in groups, one below the other, have in common, so that they line up. In the
// units of the view box.
#pragma once

namespace retort {

constexpr double kLetterWidth = 22, kValueWidth = 78;  // left and right of the axis
constexpr double kGroupLabel = 19, kGroupGap = 7, kAxisHeight = 38;

}  // namespace retort

// The phases of a comparison, in the order in which they must run: cold starts need that no process
// has the files mapped, everything after them that all models are loaded.
// Errors and threads: as turns.h.
#pragma once

#include "lab/compare/turns.h"

namespace retort {

void MeasureColdStarts(Turns& turns);
void LoadAll(Turns& turns);
void MeasureIdle(Turns& turns);
void MeasurePrompts(Turns& turns);
void MeasureLengths(Turns& turns);
void MeasureAccuracy(Turns& turns);

}  // namespace retort

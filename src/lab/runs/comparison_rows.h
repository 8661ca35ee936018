// The structs of a comparison as rows of the run store, and back. Used by comparison_store.cpp
// alone. Errors: kCorrupt naming the word that a row holds and nobody knows. Stateless and
// thread-safe.
#pragma once

#include "lab/compare/comparison.h"
#include "store/run_records.h"

namespace retort {

ProblemRow ToRow(const Problem& problem);
Problem ProblemFrom(const ProblemRow& row);  // without the exact answer, which only grading needs

SampleRow ToRow(const AnswerRecord& record);
AnswerRecord AnswerFrom(const SampleRow& row);

RunModelRow ToRow(const ModelRun& run);
ModelRun ModelFrom(const RunModelRow& row);  // without its samples

TimingRow ToRow(const SpeedTest& test, size_t round);

}  // namespace retort

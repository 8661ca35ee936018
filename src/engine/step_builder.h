// Turns a plan into the batch that the model computes.
//
// The role of a row comes from its place in its request and from nothing else: rows of the given
// prompt are kPrompt (its last one too, from which the first token is sampled), rows of sampled
// tokens are kGenerated, also when a preempted request computes them a second time.
#pragma once

#include "engine/scheduler.h"
#include "model/batch.h"

namespace retort {

// Overwrites `batch`, keeping its memory. logit_rows gets one row for each item that samples.
void BuildBatch(const Plan& plan, Batch& batch);

}  // namespace retort

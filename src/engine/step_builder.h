// Turns a plan into the batch that the model computes.
//
// The role of a row comes from its place in its request and from nothing else: rows of the given
// prompt are kPrompt (its last one too, from which the first token is sampled), rows of sampled
// tokens are kGenerated, also when a preempted request computes them a second time, and so are
// drafts, which are the generated tokens if they are right.
#pragma once

#include "engine/scheduler.h"
#include "model/batch.h"

namespace retort {

// Overwrites `batch`, keeping its memory. logit_rows gets the last row of each item that samples,
// and its drafts.
void BuildBatch(const Plan& plan, Batch& batch);

}  // namespace retort

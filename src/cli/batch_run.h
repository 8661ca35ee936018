// `retort run --batch`: answers JSON lines, many at once, each as soon as it is done.
//
//   in:   {"id": "q1", "prompt": "17 * 23?"}
//   out:  {"line": 1, "id": "q1", "answer": "391", "finish_reason": "stop", ...}
//         {"line": 2, "error": "prompt is 7; give a text"}
//
// Answers come in the order in which they finish; `line` counts the input's lines from 1. An output
// file is appended to, and lines that it answers already are passed over: after Ctrl-C or a crash
// the same command goes on. A line's answer depends on the line alone, so it is the same then.
// Errors: kNotFound, kUnavailable for files; kInvalidArgument at the end if any line failed;
// kCancelled when stopped. One thread.
#pragma once

#include "cli/run_session.h"

namespace retort {

void RunBatch(RunSession& session, const RunFlags& flags);

}  // namespace retort

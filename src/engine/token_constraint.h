// What a request's tokens must be like: which may come next, told anew before each is sampled. The
// engine masks all others before it does anything else with the logits, at temperature 0, too.
//
//   request.constraint = std::make_shared<const MyConstraint>(...);    // how each choice begins
//
// Each choice has a copy of its own, which sees all of the choice's tokens in order, also those
// that are forced. It may be dormant for a while and allow everything. Like on_token it lives in
// the engine's thread and must be a function of the tokens alone: then tokens stay one, whatever is
// batched, preempted, or computed ahead. What grammar or text it stands for, the engine does not
// know.
//
// Errors: whatever it throws ends its choice with kError. Not thread-safe; const functions of one
// that nobody changes are.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace retort {

class TokenConstraint {
 public:
  virtual ~TokenConstraint() = default;

  // One that stands where this one does, and goes its own way from there.
  virtual std::unique_ptr<TokenConstraint> Clone() const = 0;
  // The tokens that may come next: bit t % 64 of word t / 64 for token t. Those beyond the words
  // may not. No words at all: every token may. Valid until the next call of this object.
  virtual std::span<const uint64_t> Allowed() = 0;
  // The token that has come.
  virtual void Accept(int32_t token) = 0;
  // Nothing more may come: the choice ends with kStop, without an end token.
  virtual bool complete() const = 0;
};

}  // namespace retort

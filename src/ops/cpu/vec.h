// Small helpers for the vector code of one instruction set.
//
// The kernels (*_inl.h) are templates over a vector class V and are compiled once per level, in
// translation units with that level's compiler flags. Two rules keep an AVX-512 instruction from
// reaching a processor without it:
//  - everything in these headers is a template over a level's V or a member of one, so that no
//    level's copy of a function can stand in for another's at link time;
//  - they call no inline function of other headers, the standard library's included.
//
// A vector class has kLanes, a register type F, and static functions; vec_portable.h says what each
// means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

// Accumulators live in registers only if everything around them is inlined.
#define RETORT_INLINE inline __attribute__((always_inline))
#define RETORT_LAMBDA __attribute__((always_inline))

namespace retort::cpu {

template <int N>
struct Index {
  static constexpr int value = N;
  RETORT_INLINE constexpr operator int() const { return N; }
};

template <class Body, int... I>
RETORT_INLINE void UnrollOver(const Body& body, std::integer_sequence<int, I...>) {
  (body(Index<I>{}), ...);
}

// body(Index<0>), ..., body(Index<N-1>): a loop whose counter is a constant, so that arrays indexed
// by it become registers. `body` is a lambda, hence a type of its own per level.
template <int N, class Body>
RETORT_INLINE void Unroll(const Body& body) {
  UnrollOver(body, std::make_integer_sequence<int, N>{});
}

// Makes the compiler take what it stored in `value` back from memory. A vector that is stored to be
// read in pieces is cheaper so: loads have ports of their own, while the permutations that
// compilers put in their place compete with the arithmetic.
template <class T>
RETORT_INLINE void ThroughMemory(T& value) {
  __asm__ volatile("" : "+m"(value));
}

}  // namespace retort::cpu

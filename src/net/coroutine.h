// What the coroutines of net are made of. Internal to net, included by .cpp files and by the
// headers that only these include.
//
//   Task<bool> Connection::Greet() {                           // runs when somebody awaits it
//     error_code error;
//     co_await channel_.AsyncHandshake(side, Into(error));      // errors as values, not thrown
//     co_return !error;
//   }
//
//   while (!Happened() && Clock::now() < due) co_await bell.WaitUntil(due);
//   bell.Ring();                                                // elsewhere, when it has happened
//
// A coroutine can wait for one thing only. One that needs several (bytes, an answer that grows, a
// time that is over) waits at a bell, which all of them ring, and then looks what there is.
// Not thread-safe: all of it belongs to one net thread.
//
// GCC 12 compiles some awaits wrongly. So an await is a condition of its own, never joined to
// another by && or || or ?:, and a Task takes no argument that has a destructor: text as
// string_view, an HttpError by reference to a variable of whoever awaits it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "net/executor.h"

namespace retort::net {

template <class Result = void>
using Task = asio::awaitable<Result, Executor>;

// The operation it is given to becomes a Task whose error is put here.
inline auto Into(error_code& error) {
  return asio::redirect_error(asio::use_awaitable_t<Executor>(), error);
}

class Bell {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Bell(const Executor& executor) : timer_(executor) {}

  // Wakes who waits; if nobody does, the next one does not wait.
  void Ring() { rung_ = timer_.cancel() == 0; }

  // Ends when it rings, or at that time. It may end early: for a ring that was heard already.
  Task<> WaitUntil(Time time) {
    timer_.expires_at(std::exchange(rung_, false) ? Time::min() : time);
    return timer_.async_wait(Into(ignored_));
  }

 private:
  Timer timer_;
  error_code ignored_;
  bool rung_ = false;
};

}  // namespace retort::net

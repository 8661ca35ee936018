// What the commands need of a terminal: whether there is one, its width, colour only there, and one
// progress line with rate and time left.
//
//   const Style style = StyleFor(STDOUT_FILENO);
//   std::puts(style.Bold("better").c_str());        // escape codes only on a terminal
//
//   ProgressBar bar("accuracy", 300, "answers");    // on stderr
//   bar.Update(17);          // accuracy  17/300 answers  2.1/s  2m 15s left
//   bar.Finish();            // removes the line
//
// Off a terminal the bar prints nothing. Colour is off with NO_COLOR set.
// Style is thread-safe; a ProgressBar belongs to one thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace retort {

bool IsTerminal(int fd);
// Columns, 80 if unknown.
int TerminalWidth(int fd);

// Columns that UTF-8 text takes on a terminal: wide characters (Chinese) count two, escape codes
// none.
int DisplayWidth(std::string_view text);
// "text" filled with spaces to `width` columns.
std::string PadRight(std::string_view text, int width);
std::string PadLeft(std::string_view text, int width);

// Text from outside with its control characters (all but line ends and tabs) turned into U+FFFD, so
// that it can neither move the cursor nor change colours. `text` is valid UTF-8.
std::string SafeForTerminal(std::string_view text);

// "0.4 s", "12 s", "3m 05s", "1h 02m"
std::string FormatDuration(double seconds);

class Style {
 public:
  explicit Style(bool enabled) : enabled_(enabled) {}
  bool enabled() const { return enabled_; }
  std::string Bold(std::string_view text) const { return Wrap("1", text); }
  std::string Dim(std::string_view text) const { return Wrap("2", text); }
  std::string Red(std::string_view text) const { return Wrap("31", text); }
  std::string Green(std::string_view text) const { return Wrap("32", text); }
  std::string Cyan(std::string_view text) const { return Wrap("36", text); }

 private:
  std::string Wrap(std::string_view code, std::string_view text) const;
  bool enabled_;
};

// Enabled if fd is a terminal and the environment does not say NO_COLOR.
Style StyleFor(int fd);

struct ProgressOptions {
  std::FILE* out = stderr;
  bool terminal = false;         // one line rewritten in place, else nothing at all
  int width = 80;                // columns
  const Clock* clock = nullptr;  // steady if null; must outlive the bar
};

class ProgressBar {
 public:
  // total 0: unknown, so no bar and no time left. `unit` names what is counted: "answers".
  ProgressBar(std::string label, int64_t total, std::string unit);  // on stderr, as it is
  ProgressBar(std::string label, int64_t total, std::string unit, const ProgressOptions& options);
  ~ProgressBar();  // as Finish
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Shows `done` of total; `note` stands at the end of the line. Redraws at most 10 times a second.
  void Update(int64_t done, std::string_view note = {});
  void SetTotal(int64_t total) { total_ = total; }
  // What was done before the bar began: shown, but not counted in the rate.
  void StartFrom(int64_t done) { done_before_ = done; }
  // Removes the line from a terminal, so that other output can be printed.
  void Finish();

 private:
  std::string Line(int64_t done, std::string_view note, double now) const;

  std::string label_, unit_;
  int64_t total_;
  int64_t done_before_ = 0;
  SteadyClock steady_clock_;
  ProgressOptions options_;
  double start_, last_drawn_;
  bool drawn_ = false;
};

}  // namespace retort

#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace retort {
namespace {

constexpr double kRedrawSeconds = 0.1;
constexpr int kBarCells = 20;

// Bytes of the escape sequence (ESC [ ... letter) at the start of text; 0 if there is none.
size_t EscapeLength(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  size_t end = 2;
  while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
  return std::min(end + 1, text.size());
}

// The longest beginning of text (without escape codes) that fits into `width` columns.
std::string Truncate(std::string_view text, int width) {
  std::string kept;
  int used = 0;
  for (size_t i = 0; i < text.size();) {
    utf8proc_int32_t code_point = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + i);
    const auto length = std::max<utf8proc_ssize_t>(
        1, utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - i), &code_point));
    const std::string_view piece = text.substr(i, static_cast<size_t>(length));
    used += DisplayWidth(piece);
    if (used > width) break;
    kept += piece;
    i += static_cast<size_t>(length);
  }
  return kept;
}

}  // namespace

bool IsTerminal(int fd) { return isatty(fd) == 1; }

int TerminalWidth(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  for (size_t i = 0; i < text.size();) {
    if (const size_t escape = EscapeLength(text.substr(i)); escape > 0) {
      i += escape;
      continue;
    }
    utf8proc_int32_t code_point = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + i);
    const auto length =
        utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - i), &code_point);
    // A byte that is no UTF-8 is shown as one replacement character.
    width += length > 0 ? utf8proc_charwidth(code_point) : 1;
    i += length > 0 ? static_cast<size_t>(length) : 1;
  }
  return width;
}

std::string PadRight(std::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return std::string(text) + std::string(static_cast<size_t>(missing), ' ');
}

std::string PadLeft(std::string_view text, int width) {
  const int missing = std::max(0, width - DisplayWidth(text));
  return std::string(static_cast<size_t>(missing), ' ') + std::string(text);
}

std::string SafeForTerminal(std::string_view text) {
  std::string safe;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c0 = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    // U+0080 to U+009F, the second set of control characters, are C2 80 to C2 9F.
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c0 || c1) {
      safe += "\uFFFD";
      i += c1 ? 1 : 0;
    } else {
      safe += text[i];
    }
  }
  return safe;
}

std::string FormatDuration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", std::max(0.0, seconds));
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  return fmt::format("{}h {:02}m", whole / 3600, whole / 60 % 60);
}

std::string Style::Wrap(std::string_view code, std::string_view text) const {
  if (!enabled_) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

Style StyleFor(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return Style(IsTerminal(fd) && (no_color == nullptr || *no_color == '\0'));
}

ProgressBar::ProgressBar(std::string label, int64_t total, std::string unit)
    : ProgressBar(std::move(label), total, std::move(unit),
                  {.out = stderr,
                   .terminal = IsTerminal(STDERR_FILENO),
                   .width = TerminalWidth(STDERR_FILENO),
                   .clock = nullptr}) {}

ProgressBar::ProgressBar(std::string label, int64_t total, std::string unit,
                         const ProgressOptions& options)
    : label_(std::move(label)), unit_(std::move(unit)), total_(total), options_(options) {
  if (options_.clock == nullptr) options_.clock = &steady_clock_;
  start_ = options_.clock->Seconds();
  last_drawn_ = start_ - kRedrawSeconds;  // the first line comes at once
}

ProgressBar::~ProgressBar() { Finish(); }

void ProgressBar::Update(int64_t done, std::string_view note) {
  const double now = options_.clock->Seconds();
  if (!options_.terminal || now - last_drawn_ < kRedrawSeconds) return;
  last_drawn_ = now;
  drawn_ = true;
  // One column is left free: a full line would wrap on some terminals.
  fmt::print(options_.out, "\r\x1b[2K{}", Truncate(Line(done, note, now), options_.width - 1));
  std::fflush(options_.out);
}

void ProgressBar::Finish() {
  if (drawn_) {
    fmt::print(options_.out, "\r\x1b[2K");
    std::fflush(options_.out);
  }
  drawn_ = false;
}

std::string ProgressBar::Line(int64_t done, std::string_view note, double now) const {
  std::string line = label_;
  if (total_ > 0) {
    if (options_.width >= 72) {
      const auto filled = std::clamp<int64_t>(done * kBarCells / total_, 0, kBarCells);
      line += "  ";
      for (int64_t cell = 0; cell < kBarCells; ++cell) line += cell < filled ? "━" : "─";
    }
    line += fmt::format("  {}/{} {}", done, total_, unit_);
  } else {
    line += fmt::format("  {} {}", done, unit_);
  }
  const double elapsed = now - start_;
  if (done > done_before_ && elapsed > 0) {
    const double rate = static_cast<double>(done - done_before_) / elapsed;
    line += rate >= 0.1 ? fmt::format("  {:.1f}/s", rate) : fmt::format("  {:.1f}/min", rate * 60);
    if (total_ > done) {
      line += fmt::format("  {} left", FormatDuration(static_cast<double>(total_ - done) / rate));
    }
  }
  if (!note.empty()) line += fmt::format("  {}", note);
  return line;
}

}  // namespace retort

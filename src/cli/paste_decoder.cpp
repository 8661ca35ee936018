#include "cli/paste_decoder.h"

#include "base/utf8.h"

namespace retort {
namespace {

constexpr std::string_view kPasteBegins = "\x1b[200~", kPasteEnds = "\x1b[201~";

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string LineEndText() {
  std::string text;
  AppendUtf8(PasteDecoder::kLineEnd, &text);
  return text;
}

}  // namespace

std::optional<char32_t> PasteDecoder::Next(bool all) {
  while (!bytes_.empty()) {
    const std::string_view mark = pasting_ ? kPasteEnds : kPasteBegins;
    if (bytes_.starts_with(mark)) {
      bytes_.erase(0, mark.size());
      pasting_ = !pasting_;
      after_return_ = false;
      continue;
    }
    if (mark.starts_with(bytes_) && !all) return std::nullopt;
    const Utf8Char next = DecodeUtf8(bytes_);
    if (next.status == Utf8Status::kTruncated && !all) return std::nullopt;
    bytes_.erase(0, next.length);
    if (!pasting_) return next.code_point;
    if (const auto pasted = Pasted(next.code_point)) return pasted;
  }
  return std::nullopt;
}

// Nothing that is pasted may edit or enter the line.
std::optional<char32_t> PasteDecoder::Pasted(char32_t c) {
  const bool second_half = c == '\n' && after_return_;
  after_return_ = c == '\r';
  if (second_half) return std::nullopt;
  if (c == '\n' || c == '\r') return kLineEnd;
  if (c == '\t') return U' ';
  return c < 0x20 || c == 0x7F ? std::nullopt : std::optional(c);
}

std::string SplitLines(std::string_view text) {
  std::string out(text);
  ReplaceAll(out, "\n", LineEndText());
  return out;
}

std::string JoinLines(std::string_view text) {
  std::string out(text);
  ReplaceAll(out, LineEndText(), "\n");
  return out;
}

}  // namespace retort

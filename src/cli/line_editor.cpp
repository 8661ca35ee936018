#include "cli/line_editor.h"

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <csignal>
#include <string>

#include "base/error.h"
#include "base/utf8.h"
#include "cli/on_interrupt.h"
#include "cli/paste_decoder.h"
#include "cli/quiet_terminal.h"

namespace retort {
namespace {

constexpr int kMarkMilliseconds = 25;    // within which the rest of a key or mark follows
constexpr wchar_t kPromptEscape = 0x01;  // around what of the prompt takes no columns

// libedit writes characters by the C locale; ours are UTF-8 whatever the environment says.
void UseUtf8() {
  if (std::setlocale(LC_CTYPE, "C.UTF-8") == nullptr) std::setlocale(LC_CTYPE, "");
}

std::wstring Widen(std::string_view text) {
  std::wstring out;
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    out += static_cast<wchar_t>(c.code_point);
    text.remove_prefix(c.length);
  }
  return out;
}

std::string Narrow(std::wstring_view text) {
  std::string out;
  for (const wchar_t c : text) AppendUtf8(static_cast<uint32_t>(c), &out);
  return out;
}

// The escape codes of colours, marked as taking no columns.
std::wstring MarkColours(const std::wstring& prompt) {
  std::wstring out;
  bool inside = false;
  for (const wchar_t c : prompt) {
    if (c == L'\x1b' && !inside) {
      out += kPromptEscape;
      inside = true;
    }
    out += c;
    if (inside && c == L'm') {
      out += kPromptEscape;
      inside = false;
    }
  }
  return out;
}

}  // namespace

class LineEditor::Impl {
 public:
  Impl(int fd, std::FILE* out, const InterruptSignals& signals, InputHistory& history);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Event Next(const std::string& prompt);
  void Remember(const std::string& text);

 private:
  static Impl& Of(EditLine* editor);
  static int ReadCharacter(EditLine* editor, wchar_t* c);
  static wchar_t* Prompt(EditLine* editor) { return Of(editor).prompt_.data(); }

  void BindKeys();
  void AddToRecall(const std::string& text);
  bool WaitForBytes();
  void Send(std::string_view bytes);

  int fd_;
  std::FILE* out_;
  const InterruptSignals& signals_;
  InputHistory& history_;
  const QuietTerminal terminal_;
  std::FILE* in_ = nullptr;
  EditLine* editor_ = nullptr;
  HistoryW* recall_ = nullptr;
  HistEventW recall_event_{};
  std::wstring prompt_;
  PasteDecoder decoder_;
  int signal_ = 0;  // that ended the line at hand
  bool ended_ = false;
};

LineEditor::Impl::Impl(int fd, std::FILE* out, const InterruptSignals& signals,
                       InputHistory& history)
    : fd_(fd), out_(out), signals_(signals), history_(history), terminal_(fd) {
  UseUtf8();
  in_ = ::fdopen(::dup(fd), "r");
  if (in_ != nullptr) editor_ = el_init("retort", in_, out, stderr);
  recall_ = history_winit();
  if (editor_ == nullptr || recall_ == nullptr) {
    Fail(ErrorCode::kUnavailable,
         "cannot edit lines on this terminal (TERM is perhaps unknown here); TERM=dumb does "
         "without");
  }
  el_wset(editor_, EL_CLIENTDATA, this);
  el_wset(editor_, EL_GETCFN, &ReadCharacter);
  el_wset(editor_, EL_PROMPT_ESC, &Prompt, kPromptEscape);
  el_wset(editor_, EL_EDITOR, L"emacs");
  history_w(recall_, &recall_event_, H_SETSIZE, static_cast<int>(InputHistory::kMostEntries));
  el_wset(editor_, EL_HIST, history_w, recall_);
  BindKeys();
  el_source(editor_, nullptr);
  for (const std::string& entry : history_.entries()) AddToRecall(entry);
  terminal_.Set();
}

LineEditor::Impl::~Impl() {
  if (recall_ != nullptr) history_wend(recall_);
  if (editor_ != nullptr) el_end(editor_);
  if (in_ != nullptr) std::fclose(in_);
}

// Keys that people expect beyond libedit's own: search, Home, End, Delete, and steps by word.
void LineEditor::Impl::BindKeys() {
  constexpr std::pair<const wchar_t*, const wchar_t*> kKeys[] = {
      {L"^R", L"em-inc-search-prev"},  {L"\\e[H", L"ed-move-to-beg"},
      {L"\\e[F", L"ed-move-to-end"},   {L"\\e[1~", L"ed-move-to-beg"},
      {L"\\e[4~", L"ed-move-to-end"},  {L"\\e[3~", L"ed-delete-next-char"},
      {L"\\e[1;5C", L"em-next-word"},  {L"\\e[1;5D", L"ed-prev-word"},
      {L"\\e[1;3C", L"em-next-word"},  {L"\\e[1;3D", L"ed-prev-word"},
      {L"^W", L"ed-delete-prev-word"},
  };
  for (const auto& [key, action] : kKeys) el_wset(editor_, EL_BIND, key, action, nullptr);
}

LineEditor::Impl& LineEditor::Impl::Of(EditLine* editor) {
  void* self = nullptr;
  el_wget(editor, EL_CLIENTDATA, &self);
  return *static_cast<Impl*>(self);
}

// libedit asks for one character: 1 with it, 0 at the end of input, -1 to give the line up.
int LineEditor::Impl::ReadCharacter(EditLine* editor, wchar_t* c) {
  Impl& self = Of(editor);
  while (true) {
    std::optional<char32_t> next = self.decoder_.Next(/*all=*/false);
    if (!next && !self.decoder_.empty()) {
      pollfd more{.fd = self.fd_, .events = POLLIN, .revents = 0};
      if (self.ended_ || ::poll(&more, 1, kMarkMilliseconds) == 0) next = self.decoder_.Next(true);
    }
    if (next) {
      *c = static_cast<wchar_t>(*next);
      return 1;
    }
    if (self.ended_) return 0;
    if (!self.WaitForBytes()) return -1;
  }
}

// False if a signal came instead.
bool LineEditor::Impl::WaitForBytes() {
  pollfd entries[] = {{.fd = fd_, .events = POLLIN, .revents = 0},
                      {.fd = signals_.fd(), .events = POLLIN, .revents = 0}};
  if (::poll(entries, 2, -1) < 0) return true;
  if (entries[1].revents != 0) {
    signal_ = TakeSignal(signals_).value_or(SIGINT);
    return false;
  }
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(fd_, bytes.data(), bytes.size());
  if (count > 0) decoder_.Push({bytes.data(), static_cast<size_t>(count)});
  ended_ = count <= 0;
  return true;
}

void LineEditor::Impl::Send(std::string_view bytes) {
  std::fwrite(bytes.data(), 1, bytes.size(), out_);
  std::fflush(out_);
}

LineSource::Event LineEditor::Impl::Next(const std::string& prompt) {
  prompt_ = MarkColours(Widen(prompt));
  signal_ = 0;
  Send(PasteDecoder::kEnable);
  int count = 0;
  const wchar_t* line = el_wgets(editor_, &count);
  terminal_.Set();
  Send(PasteDecoder::kDisable);
  if (signal_ != 0) {
    el_reset(editor_);
    decoder_ = {};
    return {.kind = signal_ == SIGINT ? Kind::kInterrupt : Kind::kEnd};
  }
  if (line == nullptr || count <= 0) return {};
  std::wstring_view text(line, static_cast<size_t>(count));
  while (!text.empty() && (text.back() == L'\n' || text.back() == L'\r')) text.remove_suffix(1);
  return {.kind = Kind::kLine, .line = JoinLines(Narrow(text))};
}

void LineEditor::Impl::AddToRecall(const std::string& text) {
  history_w(recall_, &recall_event_, H_ENTER, Widen(SplitLines(text)).c_str());
}

void LineEditor::Impl::Remember(const std::string& text) {
  AddToRecall(text);
  history_.Add(text);
}

LineEditor::LineEditor(int fd, std::FILE* out, const InterruptSignals& signals,
                       InputHistory& history)
    : impl_(std::make_unique<Impl>(fd, out, signals, history)) {}
LineEditor::~LineEditor() = default;
LineSource::Event LineEditor::Next(const std::string& prompt) { return impl_->Next(prompt); }
void LineEditor::Remember(const std::string& text) { impl_->Remember(text); }

}  // namespace retort

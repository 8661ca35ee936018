#include "cli/show_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/quote.h"

namespace retort {
namespace {

constexpr int kLabelWidth = 16;
constexpr int64_t kExampleContext = 4096;
constexpr std::string_view kUnknown = "not stated";

// Lines of a label and its value, in groups with a blank line between them.
class FactsPage {
 public:
  explicit FactsPage(const Style& style) : style_(style) {}

  void Line(std::string_view label, std::string_view value) {
    text_ += "  " + style_.Dim(PadRight(label, kLabelWidth)) + std::string(value) + "\n";
  }
  void Raw(std::string_view line) { text_ += std::string(line) + "\n"; }
  const std::string& text() const { return text_; }

 private:
  const Style& style_;
  std::string text_;
};

std::string CountOr(const std::optional<int64_t>& count, std::string_view unit) {
  if (!count) return std::string(kUnknown);
  return FormatCount(*count) + std::string(unit);
}

// "134.5 M"
std::string ShortCount(int64_t count) {
  const auto value = static_cast<double>(count);
  if (value >= 1e9) return fmt::format("{:.2f} B", value / 1e9);
  return fmt::format("{:.1f} M", value / 1e6);
}

std::string TypeMix(const ModelFacts& facts) {
  std::string mix;
  for (const TypeShare& share : facts.types) {
    const double percent =
        100.0 * static_cast<double>(share.bytes) / static_cast<double>(facts.tensor_bytes);
    mix += fmt::format("{}{} {:.1f} %", mix.empty() ? "" : ", ", Info(share.dtype).name, percent);
  }
  return mix.empty() ? "none" : fmt::format("{} ({})", FormatBytes(facts.tensor_bytes), mix);
}

std::string Heads(const ModelFacts& facts) {
  if (!facts.num_heads) return std::string(kUnknown);
  std::string heads = FormatCount(*facts.num_heads);
  if (facts.head_dim) heads += fmt::format(" of size {}", *facts.head_dim);
  if (facts.num_kv_heads != facts.num_heads) {
    heads += fmt::format(", {} for keys and values", *facts.num_kv_heads);
  }
  return heads;
}

std::string Tokenizer(const ModelFacts& facts) {
  if (facts.tokenizer_model.empty()) return "none";
  const std::string kind =
      facts.tokenizer_model == "gpt2" ? "byte-level BPE" : Printable(facts.tokenizer_model);
  const std::string pre = facts.tokenizer_pre.empty() ? "" : Printable(facts.tokenizer_pre) + ", ";
  return fmt::format("{}{}, {} tokens", pre, kind, FormatCount(facts.vocab_size));
}

std::string SpecialTokens(const ModelFacts& facts) {
  std::string line;
  for (const SpecialToken& token : facts.special_tokens) {
    line += fmt::format("{}{} {} ({})", line.empty() ? "" : ", ", token.role,
                        token.text.empty() ? "?" : Printable(token.text), token.id);
  }
  return line.empty() ? std::string(kUnknown) : line;
}

std::string SpaceSeparated(const std::vector<std::string>& texts) {
  std::string line;
  for (const std::string& text : texts) line += (line.empty() ? "" : " ") + Printable(text);
  return line;
}

void ShapeLines(const ModelFacts& facts, FactsPage& page) {
  page.Line("Context", CountOr(facts.context_length, " tokens"));
  page.Line("Layers", CountOr(facts.num_layers, ""));
  page.Line("Hidden size",
            CountOr(facts.hidden_size, "") +
                (facts.intermediate_size ? ", feed-forward " + FormatCount(*facts.intermediate_size)
                                         : ""));
  page.Line("Heads", Heads(facts));
}

void TextLines(const ModelFacts& facts, FactsPage& page) {
  page.Line("Tokenizer", Tokenizer(facts));
  page.Line("Special tokens", SpecialTokens(facts));
  if (!facts.stop_tokens.empty()) page.Line("Ends a turn", SpaceSeparated(facts.stop_tokens));
  page.Line("Chat template", facts.chat_template.empty() ? "none"
                             : facts.takes_tools         ? "yes, takes tools"
                                                         : "yes");
  page.Line("Thinking", facts.thinks ? "yes, knows <think>" : "no");
}

void MemoryLines(const ModelFacts& facts, FactsPage& page) {
  if (!facts.kv_bytes_per_token) return;
  const int64_t tokens = std::min(kExampleContext, facts.context_length.value_or(kExampleContext));
  page.Line("Keys and values",
            fmt::format("{} a token ({})", FormatBytes(*facts.kv_bytes_per_token),
                        facts.kv_types.name()));
  page.Line("Memory", fmt::format("about {} with {} tokens of context",
                                  FormatBytes(*facts.MemoryBytes(tokens)), FormatCount(tokens)));
}

struct DescribeValue {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(int64_t value) const { return fmt::format("{}", value); }
  // Seven digits: what an F32 in the file can mean.
  std::string operator()(double value) const { return fmt::format("{:.7g}", value); }
  std::string operator()(const std::string& value) const { return Quoted(value, 56); }
  template <typename T>
  std::string operator()(const std::vector<T>& values) const {
    constexpr size_t kShown = 4;
    std::string list;
    for (size_t i = 0; i < std::min(kShown, values.size()); ++i) {
      if (i > 0) list += ", ";
      if constexpr (std::is_same_v<T, std::string>) {
        list += Quoted(values[i], 16);
      } else {
        list += (*this)(static_cast<T>(values[i]));
      }
    }
    if (values.size() > kShown) list += ", ...";
    return fmt::format("{} [{}]", FormatCount(static_cast<int64_t>(values.size())), list);
  }
};

}  // namespace

std::string ShowText(const ModelFacts& facts, const Style& style) {
  FactsPage page(style);
  page.Raw(style.Bold(Printable(facts.name)));
  page.Raw(style.Dim(Printable(facts.path)));
  page.Raw("");
  page.Line("Architecture", facts.architecture.empty() ? kUnknown : Printable(facts.architecture));
  page.Line("Parameters",
            fmt::format("{} ({})", ShortCount(facts.parameters), FormatCount(facts.parameters)));
  page.Line("File", fmt::format("{}, {}", FormatBytes(facts.file_bytes), facts.format));
  page.Line("Weights", TypeMix(facts));
  page.Line("Licence", facts.license.empty() ? kUnknown : Printable(facts.license));
  page.Raw("");
  ShapeLines(facts, page);
  page.Raw("");
  TextLines(facts, page);
  page.Raw("");
  MemoryLines(facts, page);
  if (facts.unsupported.empty()) {
    page.Line("Runs here", style.Green("yes"));
    page.Raw("\nTry: retort run " + Printable(facts.path));
  } else {
    page.Line("Runs here", style.Red("no") + ": " + Printable(facts.unsupported));
  }
  return page.text();
}

std::string TensorTable(const std::vector<NamedTensor>& tensors, const Style& style) {
  int width = DisplayWidth("tensor");
  for (const NamedTensor& tensor : tensors) {
    width = std::max(width, DisplayWidth(Printable(tensor.name)));
  }
  const auto row = [&](std::string_view name, std::string_view type, std::string_view shape,
                       std::string_view size) {
    return "  " + PadRight(name, width) + "  " + PadRight(type, 4) + "  " + PadRight(shape, 18) +
           "  " + PadLeft(size, 9) + "\n";
  };
  std::string table = style.Dim(row("tensor", "type", "shape", "size"));
  for (const NamedTensor& tensor : tensors) {
    table += row(Printable(tensor.name), Info(tensor.view.dtype).name, tensor.view.shape.ToString(),
                 FormatBytes(static_cast<int64_t>(tensor.view.bytes())));
  }
  return table;
}

std::string MetadataTable(const Metadata& metadata, const Style& style) {
  int width = 0;
  for (const auto& [key, value] : metadata.values()) {
    width = std::max(width, DisplayWidth(Printable(key)));
  }
  width = std::min(width, 48);
  std::string table;
  for (const auto& [key, value] : metadata.values()) {
    table += "  " + style.Dim(PadRight(Printable(key), width)) + "  " +
             std::visit(DescribeValue(), value) + "\n";
  }
  return table;
}

}  // namespace retort

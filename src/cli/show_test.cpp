#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "cli/show_text.h"
#include "runtime/model_facts.h"
#include "tests/support/gguf_writer.h"
#include "tests/support/paths.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

const Style kPlain(false);

// What a converter would write for a model of one tiny layer; `architecture` prefixes its keys.
GgufWriter TinyModel(const std::string& architecture = "qwen2") {
  GgufWriter writer;
  writer.Add("general.architecture", architecture);
  writer.Add("general.name", "Tiny Thinker");
  writer.Add("general.license", "mit");
  writer.Add(architecture + ".context_length", uint32_t{2048});
  writer.Add(architecture + ".block_count", uint32_t{1});
  writer.Add(architecture + ".embedding_length", uint32_t{32});
  writer.Add(architecture + ".feed_forward_length", uint32_t{64});
  writer.Add(architecture + ".attention.head_count", uint32_t{4});
  writer.Add(architecture + ".attention.head_count_kv", uint32_t{2});
  writer.Add(architecture + ".attention.layer_norm_rms_epsilon", 1e-6f);
  writer.Add(architecture + ".rope.freq_base", 10000.0f);
  writer.Add("tokenizer.ggml.model", "gpt2");
  writer.Add("tokenizer.ggml.pre", "qwen2");
  writer.Add("tokenizer.ggml.tokens", std::vector<std::string>{"a", "b", "<|im_end|>", "<think>"});
  writer.Add("tokenizer.ggml.token_type", std::vector<int32_t>{1, 1, 3, 4});
  writer.Add("tokenizer.ggml.merges", std::vector<std::string>{"a b"});
  writer.Add("tokenizer.ggml.eos_token_id", uint32_t{2});
  writer.Add("tokenizer.chat_template", "{{ messages }}");
  const std::vector<float> matrix(4 * 32, 0.5f);
  writer.AddTensor("token_embd.weight", DType::kQ8_0, Shape{4, 32}, matrix);
  writer.AddTensor("output_norm.weight", DType::kF32, Shape{32}, std::vector<float>(32, 1.0f));
  return writer;
}

class ShowTest : public testing::Test {
 protected:
  ModelFacts Facts(const GgufWriter& writer) {
    writer.Write(dir_.File("tiny.gguf"));
    checkpoint_ = OpenCheckpoint(dir_.File("tiny.gguf"));
    return GatherFacts(*checkpoint_, KvTypes{});
  }

  TempDir dir_;
  std::unique_ptr<Checkpoint> checkpoint_;
};

void ExpectLine(const std::string& page, const std::string& label, const std::string& value) {
  const size_t start = page.find("\n  " + label + " ");
  ASSERT_NE(start, std::string::npos) << "no line '" << label << "' in\n" << page;
  const std::string line = page.substr(start + 1, page.find('\n', start + 1) - start - 1);
  EXPECT_NE(line.find(value), std::string::npos) << "'" << value << "' is not in: " << line;
}

TEST_F(ShowTest, DescribesAModelThatRuns) {
  const ModelFacts facts = Facts(TinyModel());
  EXPECT_EQ(facts.unsupported, "");
  EXPECT_EQ(facts.parameters, 160);
  EXPECT_EQ(facts.tensor_bytes, 136 + 128);
  EXPECT_EQ(facts.kv_bytes_per_token, 2 * 1 * 2 * 8 * 2);
  EXPECT_EQ(facts.MemoryBytes(100), 264 + 6400);
  EXPECT_TRUE(facts.thinks);
  EXPECT_FALSE(facts.takes_tools);

  const std::string page = ShowText(facts, kPlain);
  EXPECT_TRUE(page.starts_with("Tiny Thinker\n")) << page;
  ExpectLine(page, "Architecture", "qwen2");
  ExpectLine(page, "Parameters", "160");
  ExpectLine(page, "Weights", "Q8_0 51.5 %, F32 48.5 %");
  ExpectLine(page, "Licence", "mit");
  ExpectLine(page, "Context", "2,048 tokens");
  ExpectLine(page, "Heads", "4 of size 8, 2 for keys and values");
  ExpectLine(page, "Tokenizer", "qwen2, byte-level BPE, 4 tokens");
  ExpectLine(page, "Special tokens", "eos <|im_end|> (2)");
  ExpectLine(page, "Ends a turn", "<|im_end|>");
  ExpectLine(page, "Chat template", "yes");
  ExpectLine(page, "Thinking", "yes");
  ExpectLine(page, "Keys and values", "64 bytes a token (F16)");
  ExpectLine(page, "Memory", "131.3 kB with 2,048 tokens");
  ExpectLine(page, "Runs here", "yes");
  EXPECT_TRUE(page.ends_with("\nTry: retort run " + facts.path + "\n")) << page;
}

TEST(ShowFolder, IsDescribedAsItsFileIs) {
  const auto gather = [](const std::string& name) {
    return GatherFacts(*OpenCheckpoint(TestData("models/" + name)), KvTypes{});
  };
  const ModelFacts folder = gather("tiny-qwen3"), file = gather("tiny-qwen3.gguf");
  EXPECT_EQ(folder.unsupported, "");
  EXPECT_EQ(folder.format, "safetensors, 5 files");
  EXPECT_EQ(folder.name, file.name);
  EXPECT_EQ(folder.architecture, "qwen3");
  EXPECT_EQ(folder.parameters, file.parameters);
  EXPECT_EQ(folder.context_length, file.context_length);
  EXPECT_EQ(folder.num_layers, file.num_layers);
  EXPECT_EQ(folder.hidden_size, file.hidden_size);
  EXPECT_EQ(folder.intermediate_size, file.intermediate_size);
  EXPECT_EQ(folder.num_heads, file.num_heads);
  EXPECT_EQ(folder.num_kv_heads, file.num_kv_heads);
  EXPECT_EQ(folder.head_dim, file.head_dim);
  EXPECT_EQ(folder.rope_theta, file.rope_theta);
  EXPECT_EQ(folder.tokenizer_pre, file.tokenizer_pre);
  EXPECT_EQ(folder.stop_tokens, file.stop_tokens);
  EXPECT_EQ(folder.chat_template, file.chat_template);
  EXPECT_TRUE(folder.thinks);
  EXPECT_EQ(folder.kv_bytes_per_token, file.kv_bytes_per_token);
}

TEST_F(ShowTest, DescribesAModelThatDoesNotRunAndSaysWhy) {
  const ModelFacts facts = Facts(TinyModel("gemma9"));
  EXPECT_EQ(facts.num_layers, 1);
  EXPECT_EQ(facts.kv_bytes_per_token, std::nullopt);
  EXPECT_EQ(facts.MemoryBytes(1), std::nullopt);
  const std::string page = ShowText(facts, kPlain);
  ExpectLine(page, "Context", "2,048 tokens");
  ExpectLine(page, "Runs here", "no: architecture");
  ExpectLine(page, "Runs here", "gemma9");
}

TEST_F(ShowTest, AnEmptyFileIsDescribedByWhatItLacks) {
  const std::string page = ShowText(Facts(GgufWriter()), kPlain);
  EXPECT_TRUE(page.starts_with("tiny\n")) << page;  // the file's name stands in
  ExpectLine(page, "Architecture", "not stated");
  ExpectLine(page, "Weights", "none");
  ExpectLine(page, "Heads", "not stated");
  ExpectLine(page, "Tokenizer", "none");
  ExpectLine(page, "Runs here", "no: metadata 'general.architecture' is missing");
}

TEST_F(ShowTest, KeysOfUnexpectedTypesAreNoError) {
  GgufWriter writer;
  writer.Add("general.architecture", uint32_t{3});
  writer.Add("general.name", std::vector<int32_t>{1});
  writer.Add("tokenizer.ggml.tokens", std::vector<int32_t>{1});
  writer.Add("tokenizer.ggml.eos_token_id", uint32_t{77});
  const ModelFacts facts = Facts(writer);
  EXPECT_NE(facts.unsupported, "");
  ExpectLine(ShowText(facts, kPlain), "Special tokens", "eos ? (77)");
}

TEST_F(ShowTest, TextOfTheFileCannotSteerTheTerminal) {
  GgufWriter writer;
  writer.Add("general.name", "evil\x1b[2J\nname");
  writer.Add("general.license", "\x1b]0;x\x07");
  writer.Add("\x1b[31mkey", "\x1b[31mvalue");
  writer.AddTensor("\x1b[5mw", DType::kF32, Shape{1}, std::vector<float>{1});
  const ModelFacts facts = Facts(writer);
  const std::string page = ShowText(facts, kPlain) +
                           MetadataTable(checkpoint_->metadata(), kPlain) +
                           TensorTable(checkpoint_->tensors(), kPlain);
  EXPECT_EQ(page.find('\x1b'), std::string::npos) << page;
  EXPECT_NE(page.find("evil\\x1b[2J\\nname"), std::string::npos) << page;
}

TEST_F(ShowTest, JsonHasTheSameFacts) {
  const nlohmann::ordered_json json = ShowJson(Facts(TinyModel()));
  EXPECT_EQ(json["name"], "Tiny Thinker");
  EXPECT_EQ(json["parameters"], 160);
  EXPECT_EQ(json["types"][0]["type"], "Q8_0");
  EXPECT_EQ(json["head_dim"], 8);
  EXPECT_EQ(json["tokenizer"]["special"]["eos"]["id"], 2);
  EXPECT_EQ(json["thinks"], true);
  EXPECT_EQ(json["unsupported"], nullptr);
  EXPECT_EQ(json["size_label"], nullptr);
  const nlohmann::ordered_json tensors = TensorsJson(checkpoint_->tensors());
  EXPECT_EQ(tensors[0]["shape"], (std::vector<int>{4, 32}));
  EXPECT_EQ(tensors[0]["bytes"], 136);
}

TEST_F(ShowTest, MetadataListsAreCutInTextAndCountedInJson) {
  GgufWriter writer;
  writer.Add("long", std::vector<int32_t>(17, 5));
  writer.Add("short", std::vector<std::string>{"x"});
  Facts(writer);
  const std::string table = MetadataTable(checkpoint_->metadata(), kPlain);
  EXPECT_NE(table.find("17 [5, 5, 5, 5, ...]"), std::string::npos) << table;
  EXPECT_NE(table.find("1 ['x']"), std::string::npos) << table;
  const nlohmann::ordered_json json = MetadataJson(checkpoint_->metadata());
  EXPECT_EQ(json["long"]["length"], 17);
  EXPECT_EQ(json["short"][0], "x");
}

}  // namespace
}  // namespace retort

#include "runtime/text_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/error.h"
#include "runtime/loaded_model.h"
#include "runtime/text_file.h"
#include "tests/support/paths.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

constexpr const char* kTokenizer = R"({
  "added_tokens": [
    {"id": 3, "content": "<s>", "special": true},
    {"id": 4, "content": "<|im_end|>", "special": true},
    {"id": 5, "content": "<pad>", "special": true}],
  "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
    {"type": "Digits", "individual_digits": true},
    {"type": "ByteLevel", "add_prefix_space": false}]},
  "decoder": {"type": "ByteLevel"},
  "model": {"vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}})";

class TextFiles : public testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = dir_.path() + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  void WriteGz(const std::string& name, const std::string& text) {
    gzFile file = gzopen((dir_.path() + "/" + name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }

  template <typename Read>
  std::string MessageOf(ErrorCode code, Read read) {
    try {
      read();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    return "accepted";
  }

  std::string RefusalOf(const std::string& name, const std::string& text) {
    Write(name, text);
    return MessageOf(ErrorCode::kCorrupt, [&] { ReadTokenizerFiles(dir_.path()); });
  }

  TempDir dir_;
};

TEST_F(TextFiles, AFoldersFilesMakeATokenizer) {
  Write("tokenizer.json", kTokenizer);
  Write("tokenizer_config.json", R"({"bos_token": {"content": "<s>"}, "eos_token": "b",
                                     "add_bos_token": true})");
  Write("special_tokens_map.json", R"({"eos_token": "a", "pad_token": "<pad>"})");
  Write("generation_config.json", R"({"eos_token_id": [1, 2]})");
  const std::string folder = dir_.path();
  for (const std::string& path :
       {folder, folder + "/", folder + "/tokenizer.json", folder + "/model.safetensors"}) {
    EXPECT_TRUE(IsInModelFolder(path));
    const auto tokenizer = LoadTokenizer(path);
    const TokenizerSpec& spec = tokenizer->spec();
    EXPECT_EQ(spec.bos, 3);
    EXPECT_EQ(spec.eos, 1) << "tokenizer_config.json comes first";
    EXPECT_EQ(spec.pad, 5) << "special_tokens_map.json fills in";
    EXPECT_TRUE(spec.add_bos);
    EXPECT_EQ(spec.stop_ids, (std::vector<int32_t>{1, 2, 4}));
    EXPECT_EQ(tokenizer->Encode("ab<s>"), (std::vector<int32_t>{2, 3}));
  }
  EXPECT_FALSE(IsInModelFolder("model.gguf"));
}

TEST_F(TextFiles, AVocabularyAloneWillDo) {
  WriteGz("tokenizer.json.gz", kTokenizer);
  for (const std::string& path : {dir_.path(), dir_.path() + "/tokenizer.json.gz"}) {
    const TokenizerSpec spec = ReadTokenizerFiles(path);
    EXPECT_EQ(spec.tokens.size(), 6u);
    EXPECT_FALSE(spec.bos || spec.eos || spec.pad || spec.add_bos);
    EXPECT_EQ(spec.stop_ids, (std::vector<int32_t>{4}));
    EXPECT_TRUE(ReadChatTemplateFiles(path).empty());
  }
}

TEST_F(TextFiles, LiesAreRefusedByFileAndField) {
  const std::string missing =
      MessageOf(ErrorCode::kNotFound, [&] { ReadTokenizerFiles(dir_.path()); });
  EXPECT_NE(missing.find("has no tokenizer.json"), std::string::npos) << missing;
  Write("tokenizer.json", kTokenizer);
  const auto expect = [&](const char* file, const char* text, const char* says) {
    const std::string message = RefusalOf(file, text);
    EXPECT_NE(message.find(std::string(file) + ": " + says), std::string::npos) << message;
    std::filesystem::remove(dir_.path() + "/" + file);
  };
  expect("tokenizer_config.json", "[1]", "is array, must be a JSON object");
  expect("tokenizer_config.json", "{", "the JSON ends too early");
  expect("tokenizer_config.json", R"({"bos_token": "<x>"})", "bos_token is '<x>', which is no");
  expect("tokenizer_config.json", R"({"bos_token": 1})", "bos_token is '1', must be a string");
  expect("tokenizer_config.json", R"({"add_bos_token": 1})", "add_bos_token is 1, must be");
  expect("tokenizer_config.json", R"({"add_bos_token": true})",
         "add_bos_token is true, but there is no bos_token");
  expect("special_tokens_map.json", R"({"pad_token": "<x>"})", "pad_token is '<x>'");
  expect("generation_config.json", R"({"eos_token_id": 6})", "eos_token_id is '6', but the");
  expect("generation_config.json", R"({"eos_token_id": [0, "b"]})", "eos_token_id is");
  expect("tokenizer.json", "{}", "the file has no 'model'");
}

TEST_F(TextFiles, TemplatesHaveNames) {
  Write("tokenizer.json", kTokenizer);
  Write("tokenizer_config.json", R"({"chat_template": "plain"})");
  const auto rendered = [&](const std::string& name) {
    return LoadChatTemplate(dir_.path(), name)->Render(nlohmann::ordered_json::object());
  };
  EXPECT_EQ(rendered("default"), "plain");
  EXPECT_EQ(MessageOf(ErrorCode::kNotFound, [&] { rendered("rag"); }),
            dir_.path() + ": the model has no chat template 'rag'; it has 'default'");
  Write("tokenizer_config.json", R"({"chat_template": [
    {"name": "default", "template": "listed"}, {"name": "tool_use", "template": "tools"}]})");
  EXPECT_EQ(rendered("default"), "listed");
  EXPECT_EQ(rendered("tool_use"), "tools");
  Write("chat_template.jinja", "file");
  Write("additional_chat_templates/rag.jinja", "rag file");
  EXPECT_EQ(rendered("default"), "file") << "the newer place wins";
  EXPECT_EQ(rendered("rag"), "rag file");
  EXPECT_EQ(LoadChatTemplate(dir_.path() + "/chat_template.jinja")
                ->Render(nlohmann::ordered_json::object()),
            "file");
  Write("tokenizer_config.json", R"({"chat_template": [{"name": "default"}]})");
  const std::string message = MessageOf(ErrorCode::kCorrupt, [&] { rendered("default"); });
  EXPECT_NE(message.find("tokenizer_config.json: chat_template must be"), std::string::npos);
}

TEST_F(TextFiles, DamagedAndEndlessFilesAreRefused) {
  WriteGz("a.gz", std::string(1'000'000, 'x'));
  const std::string path = dir_.path() + "/a.gz";
  EXPECT_EQ(ReadTextFile(path).size(), 1'000'000u);
  const std::string bomb =
      MessageOf(ErrorCode::kResourceExhausted, [&] { ReadTextFile(path, 500'000); });
  EXPECT_NE(bomb.find("holds more than 500000 bytes"), std::string::npos) << bomb;
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 20);
  const std::string cut = MessageOf(ErrorCode::kCorrupt, [&] { ReadTextFile(path); });
  EXPECT_NE(cut.find("it is cut off"), std::string::npos) << cut;
  Write("b.gz", "\x1f\x8b\x08\x00 no gzip");
  EXPECT_NE(MessageOf(ErrorCode::kCorrupt, [&] { ReadTextFile(dir_.path() + "/b.gz"); }),
            "accepted");
  EXPECT_NE(MessageOf(ErrorCode::kCorrupt, [&] { ReadTextFile(dir_.path()); }), "accepted");
  EXPECT_NE(MessageOf(ErrorCode::kNotFound, [&] { ReadTextFile(path + ".no"); }), "accepted");
}

struct PublishedFolder {
  const char* name;
  const char* chat_template;
  const char* bos;
  const char* eos;
};

// In test names and messages, where GoogleTest would print the struct's bytes.
void PrintTo(const PublishedFolder& folder, std::ostream* out) { *out << folder.name; }

class PublishedFolders : public testing::TestWithParam<PublishedFolder> {};

TEST_P(PublishedFolders, HaveTheirTokensAndTemplates) {
  const std::string file =
      SharedData("data/tokenizers/" + std::string(GetParam().name) + "/tokenizer.json.gz");
  if (file.empty()) GTEST_SKIP() << kNoSharedData;
  const std::string folder = file.substr(0, file.rfind('/'));
  const TokenizerSpec spec = ReadTokenizerFiles(folder);
  const auto text = [&](std::optional<int32_t> id) {
    return id ? spec.tokens[static_cast<size_t>(*id)] : "";
  };
  EXPECT_EQ(text(spec.bos), GetParam().bos);
  EXPECT_EQ(text(spec.eos), GetParam().eos);
  EXPECT_EQ(spec.add_bos, spec.bos.has_value());
  EXPECT_EQ(spec.stop_ids.front(), spec.eos);

  const auto chat = LoadChatTemplate(folder);
  int rendered = 0;
  for (const std::string& line : ReadLines(SharedData("data/templates/golden.jsonl"))) {
    const auto row = nlohmann::ordered_json::parse(line);
    if (row.at("template") != GetParam().chat_template || !row.contains("rendered")) continue;
    nlohmann::ordered_json variables = {{"messages", row.at("messages")},
                                        {"tools", row.at("tools")}};
    variables["add_generation_prompt"] = row.at("add_generation_prompt");
    variables.update(row.at("special"));
    variables.update(row.at("kwargs"));
    EXPECT_EQ(chat->Render(variables), row.at("rendered").get<std::string>()) << row.at("case");
    ++rendered;
  }
  EXPECT_GT(rendered, 20);
}

INSTANTIATE_TEST_SUITE_P(
    Files, PublishedFolders,
    testing::Values(PublishedFolder{"qwen2.5", "qwen2.5-instruct", "", "<|im_end|>"},
                    PublishedFolder{"qwen3", "qwen3", "", "<|im_end|>"},
                    PublishedFolder{"r1-distill-qwen", "r1-distill", "<｜begin▁of▁sentence｜>",
                                    "<｜end▁of▁sentence｜>"},
                    PublishedFolder{"r1-distill-llama", "r1-distill", "<｜begin▁of▁sentence｜>",
                                    "<｜end▁of▁sentence｜>"}));

}  // namespace
}  // namespace retort

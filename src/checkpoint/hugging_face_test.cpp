#include "checkpoint/hugging_face.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/expect_error.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/temp_dir.h"

namespace retort {
namespace {

class Folder : public testing::Test {
 protected:
  Folder() {
    WriteFile(dir_.File("config.json"), R"({"model_type": "qwen2", "num_hidden_layers": 1})");
  }
  void WriteTensors(const std::string& file, const std::vector<std::string>& names) const {
    SafetensorsWriter writer;
    for (const std::string& name : names) {
      const auto value = static_cast<float>(name.back());
      writer.Add(name, DType::kF32, Shape{2}, std::vector<float>{value, value});
    }
    writer.Write(dir_.File(file));
  }
  void WriteShards() const {
    WriteTensors("m-1.safetensors", {"b", "a"});
    WriteTensors("m-2.safetensors", {"c"});
    WriteIndex(R"("a":"m-1.safetensors","b":"m-1.safetensors","c":"m-2.safetensors")");
  }
  void WriteIndex(const std::string& map) const {
    WriteFile(dir_.File("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
  }
  void Expect(ErrorCode code, const std::vector<std::string>& parts) const {
    ExpectError(code, parts, [&] { OpenCheckpoint(dir_.path()); });
  }

  TempDir dir_;
};

TEST_F(Folder, OpensOneFile) {
  WriteTensors("model.safetensors", {"a", "b"});
  const auto model = OpenCheckpoint(dir_.path());
  EXPECT_EQ(model->path(), dir_.path());
  EXPECT_EQ(model->dialect(), Dialect::kHuggingFace);
  EXPECT_EQ(model->format(), "safetensors");
  EXPECT_EQ(model->metadata().source(), dir_.File("config.json"));
  EXPECT_EQ(model->metadata().GetString("model_type"), "qwen2");
  EXPECT_EQ(model->Tensor("b", Shape{2}).f32()[1], float{'b'});
  EXPECT_EQ(model->files(), std::vector<std::string>{dir_.File("model.safetensors")});
}

TEST_F(Folder, OpensTheFilesOfAnIndex) {
  WriteShards();
  const auto model = OpenCheckpoint(dir_.path());
  EXPECT_EQ(model->format(), "safetensors, 2 files");
  ASSERT_EQ(model->tensors().size(), 3u);
  EXPECT_EQ(model->tensors()[0].name, "b");
  EXPECT_EQ(model->Tensor("c", Shape{2}).f32()[0], float{'c'});
  EXPECT_EQ(model->file_bytes(),
            static_cast<int64_t>(std::filesystem::file_size(dir_.File("m-1.safetensors")) +
                                 std::filesystem::file_size(dir_.File("m-2.safetensors"))));
}

TEST_F(Folder, IsNamedByItsFilesToo) {
  WriteShards();
  for (const char* name : {"", "config.json", "model.safetensors.index.json", "m-2.safetensors"}) {
    EXPECT_EQ(OpenCheckpoint(dir_.File(name))->path(), dir_.path()) << name;
  }
  WriteTensors("other.safetensors", {"a"});
  for (const char* name : {"other.safetensors", "absent.safetensors"}) {
    ExpectError(ErrorCode::kInvalidArgument, {name, dir_.path()},
                [&] { OpenCheckpoint(dir_.File(name)); });
  }
}

TEST_F(Folder, NamesWhatIsMissing) {
  Expect(ErrorCode::kNotFound, {dir_.path(), "model.safetensors.index.json"});
  WriteShards();
  std::filesystem::remove(dir_.File("m-2.safetensors"));
  Expect(ErrorCode::kNotFound, {dir_.path(), "'m-2.safetensors' of 2"});
  std::filesystem::remove(dir_.File("config.json"));
  Expect(ErrorCode::kNotFound, {dir_.path(), "no config.json"});
}

TEST_F(Folder, IndexAndFilesMustAgree) {
  WriteShards();
  WriteTensors("m-2.safetensors", {"c", "d"});
  Expect(ErrorCode::kCorrupt, {"'d'", "'m-2.safetensors'"});
  WriteTensors("m-2.safetensors", {"a"});
  Expect(ErrorCode::kCorrupt, {"'a'", "'m-2.safetensors'"});
  WriteIndex(R"("a":"m-1.safetensors","b":"m-1.safetensors","e":"m-1.safetensors")");
  Expect(ErrorCode::kCorrupt, {"'e'", "'m-1.safetensors'", "lacks it"});
}

TEST_F(Folder, QuantizedWeightsAreRefusedByMethod) {
  WriteTensors("model.safetensors", {"a"});
  WriteFile(
      dir_.File("config.json"),
      R"({"model_type": "qwen2", "quantization_config": {"quant_method": "awq", "bits": 4}})");
  Expect(ErrorCode::kUnsupported, {dir_.File("config.json"), "quantised (awq)", "GGUF"});
  WriteFile(dir_.File("config.json"), R"({"quantization_config": {"bits": 4}})");
  Expect(ErrorCode::kUnsupported, {"quantised (quantization_config)"});
  WriteFile(dir_.File("config.json"), R"({"quantization_config": null})");
  EXPECT_NO_THROW(OpenCheckpoint(dir_.path()));
}

}  // namespace
}  // namespace retort

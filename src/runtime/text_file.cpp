#include "runtime/text_file.h"

#include <zlib.h>

#include <memory>

#include "base/error.h"
#include "base/quote.h"

namespace retort {

std::string ReadTextFile(const std::string& path, size_t max_bytes) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
  if (!file) Fail(ErrorCode::kNotFound, "{} cannot be read; check the path", Quoted(path));
  constexpr unsigned kChunk = 1u << 18;
  gzbuffer(file.get(), kChunk);
  std::string text;
  for (;;) {
    const size_t size = text.size();
    text.resize(size + kChunk);
    const int read = gzread(file.get(), text.data() + size, kChunk);
    text.resize(size + static_cast<size_t>(read < 0 ? 0 : read));
    if (read <= 0) break;
    if (text.size() > max_bytes) {
      Fail(ErrorCode::kResourceExhausted, "{} holds more than {} bytes; get the file anew",
           Quoted(path), max_bytes);
    }
  }
  int error = Z_OK;
  const std::string message = gzerror(file.get(), &error);
  if (error != Z_OK && error != Z_STREAM_END) {
    Fail(ErrorCode::kCorrupt, "{} cannot be read to its end ({}); get the file anew", Quoted(path),
         error == Z_BUF_ERROR ? "it is cut off" : message);
  }
  return text;
}

}  // namespace retort

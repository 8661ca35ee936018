#include "checkpoint/download_check.h"

#include "base/error.h"

namespace retort {

void CheckDownload(std::string_view start, const std::string& source) {
  if (start.starts_with("version https://git-lfs")) {
    Fail(ErrorCode::kUnsupported,
         "{}: it is a Git LFS pointer, not the model: fetch the real file with git lfs pull",
         source);
  }
  if (start.starts_with("<")) {
    Fail(ErrorCode::kUnsupported,
         "{}: it is a web page, not the model: the download went wrong, fetch the file again",
         source);
  }
}

}  // namespace retort

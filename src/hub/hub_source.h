// Where files come from: a model hub over HTTP, a mirror that is a folder of this machine, or one
// address. A pull lists a repository, describes the files that it wants and reads their bytes.
//
//   const std::unique_ptr<HubSource> hub = OpenHub("https://huggingface.co", http_options);
//   const RemoteListing listing = hub->List("ORG/REPO", "main");
//   const RemoteFile file = hub->Describe("ORG/REPO", listing.commit, "config.json");
//   hub->Read(file, 0, "", sink);
//
// Errors: kNotFound for what is not there, kInvalidArgument where a token or consent is wanted,
// TransientError and kUnavailable as http_client.h says, kCorrupt for answers that are no hub's;
// kCancelled. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hub/http_client.h"

namespace retort {

struct RemoteListing {
  std::string commit = {};         // 40 hexadecimal digits
  std::vector<std::string> files;  // paths that CheckFilePath has seen
};

struct RemoteFile {
  std::string url = {};   // or path, for Read
  std::string path = {};  // in the repository
  std::string commit;
  std::string etag = {};  // names the blob; SHA-256 or a git blob's SHA-1 where the hub says it
  int64_t size = -1;      // -1: not said
  std::string validator = {};  // tells this version from others, where no etag names it
};

// Takes a file's bytes from where the source says it begins.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // `offset` is what was asked for, or 0 where the source starts anew; `validator` tells this
  // version of the file from others, empty if the source does not say.
  virtual void Begin(int64_t offset, const std::string& validator) = 0;
  virtual void Append(std::string_view bytes) = 0;
};

class HubSource {
 public:
  virtual ~HubSource() = default;
  virtual RemoteListing List(const std::string& repository, const std::string& revision) = 0;
  virtual RemoteFile Describe(const std::string& repository, const std::string& revision,
                              const std::string& path) = 0;
  // From byte `offset` on if the file is still the one that `validator` names.
  virtual void Read(const RemoteFile& file, int64_t offset, const std::string& validator,
                    ByteSink& sink) = 0;
  // For messages: where this is.
  virtual std::string Where() const = 0;
};

// `endpoint`: http(s)://HOST, or file:///FOLDER for a mirror (folder_hub.h).
std::unique_ptr<HubSource> OpenHub(const std::string& endpoint, const HttpOptions& options);

// One address, as a repository of one file whatever is asked for. http(s) or file.
std::unique_ptr<HubSource> OpenUrl(const std::string& url, const HttpOptions& options);

}  // namespace retort

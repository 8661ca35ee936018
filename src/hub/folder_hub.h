// A mirror without a server: a folder of this machine (a disk that was carried over, a network
// drive), in one of two shapes:
//
//   FOLDER/ORG/REPO/config.json ...          as `git clone` and `hf download --local-dir` leave it
//   FOLDER/models--ORG--REPO/snapshots/...   a Hugging Face cache
//
//   FolderHub hub("/mnt/disk/models");
//
// See hub_source.h for errors. Not thread-safe.
#pragma once

#include <string>

#include "hub/hub_source.h"

namespace retort {

class FolderHub : public HubSource {
 public:
  explicit FolderHub(std::string folder);
  RemoteListing List(const std::string& repository, const std::string& revision) override;
  RemoteFile Describe(const std::string& repository, const std::string& revision,
                      const std::string& path) override;
  void Read(const RemoteFile& file, int64_t offset, const std::string& validator,
            ByteSink& sink) override;
  std::string Where() const override { return folder_; }

 private:
  // The files of a repository lie there. `commit` is empty where only the content can name it.
  struct Place {
    std::string folder, commit;
  };
  Place Find(const std::string& repository, const std::string& revision) const;

  std::string folder_;
};

// One file of this machine.
class FileUrl : public HubSource {
 public:
  explicit FileUrl(const std::string& url);
  RemoteListing List(const std::string& repository, const std::string& revision) override;
  RemoteFile Describe(const std::string& repository, const std::string& revision,
                      const std::string& path) override;
  void Read(const RemoteFile& file, int64_t offset, const std::string& validator,
            ByteSink& sink) override;
  std::string Where() const override { return path_; }

 private:
  std::string path_;
};

}  // namespace retort

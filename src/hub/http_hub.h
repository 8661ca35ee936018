// The hub of Hugging Face, and mirrors that speak the same (hf-mirror.com): its list of files, its
// headers and its errors.
//
//   HttpHub hub("https://huggingface.co", options);
//
// See hub_source.h for errors.
#pragma once

#include <string>

#include "hub/hub_source.h"

namespace retort {

class HttpHub : public HubSource {
 public:
  HttpHub(std::string endpoint, const HttpOptions& options);
  RemoteListing List(const std::string& repository, const std::string& revision) override;
  RemoteFile Describe(const std::string& repository, const std::string& revision,
                      const std::string& path) override;
  void Read(const RemoteFile& file, int64_t offset, const std::string& validator,
            ByteSink& sink) override;
  std::string Where() const override { return endpoint_; }

 private:
  std::string endpoint_;
  bool has_token_;
  HttpClient client_;
};

// Any file over HTTP: one that its address alone names.
class HttpUrl : public HubSource {
 public:
  HttpUrl(std::string url, const HttpOptions& options) : url_(std::move(url)), client_(options) {}
  RemoteListing List(const std::string& repository, const std::string& revision) override;
  RemoteFile Describe(const std::string& repository, const std::string& revision,
                      const std::string& path) override;
  void Read(const RemoteFile& file, int64_t offset, const std::string& validator,
            ByteSink& sink) override;
  std::string Where() const override { return OriginOf(url_); }

 private:
  std::string url_;
  HttpClient client_;
};

// A hub's answer to /api/models/REPO/revision/REV. Error kCorrupt, naming the field.
RemoteListing ParseListing(std::string_view json, const std::string& where);

// `"abc"` and `W/"abc"` are abc.
std::string PlainEtag(std::string_view header);

}  // namespace retort

// The page that a browser gets of `retort serve`: web/ and the libraries that it uses, all of them
// part of the program.
//
//   if (auto answer = page.Find(request)) responder->Send(*std::move(answer));
//
// Its answers forbid the browser whatever the page does not need: no code or style but these
// files', no other origin, no text that becomes HTML without the sanitizer (Trusted Types).
// Immutable and thread-safe.
#pragma once

#include <optional>

#include "base/embedded_file.h"
#include "net/static_assets.h"

namespace retort {

const std::vector<EmbeddedFile>& PageFiles();

namespace serve {

class Page {
 public:
  Page();
  // The answer to a GET or HEAD of one of its files; else nothing.
  std::optional<net::Response> Find(const net::Request& request) const;

 private:
  net::StaticAssets assets_;
};

}  // namespace serve
}  // namespace retort

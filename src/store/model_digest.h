// What a model is, wherever it lies: the SHA-256 of its file, or of the list of its files' digests
// and names where it has several (the text that sha256sum would print, sorted by name).
//
//   ModelDigest(store, {"r1.gguf"}, [&](int64_t done, int64_t total) { bar.Update(done); });
//   ModelDigest(store, FolderFiles("r1"));
//
// A digest is remembered in the store until the file's size, time of change or inode differ, so
// that gigabytes are read once (1 to 2 GB/s). `progress` is told how many bytes are read of those
// that must be; what it throws ends the reading. Errors: kNotFound for a file that cannot be read,
// those of Database. As thread-safe as the store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/run_store.h"

namespace retort {

std::string ModelDigest(RunStore& store, const std::vector<std::string>& files,
                        const std::function<void(int64_t done, int64_t total)>& progress = {});

// What lies in a folder, hidden files and folders left out.
std::vector<std::string> FolderFiles(const std::string& folder);

// Of all together.
int64_t BytesOf(const std::vector<std::string>& files);

}  // namespace retort

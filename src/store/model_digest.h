// What a model is, whatever it is called and wherever it lies: the SHA-256 of its file, or of the
// list of its files' digests and names where it is a folder (the text that sha256sum would print,
// sorted by name).
//
//   ModelDigest(store, "r1.gguf", [&](int64_t done, int64_t total) { bar.Update(done); });
//
// A digest is remembered in the store until the file's size, time of change or inode differ, so
// that gigabytes are read once (1 to 2 GB/s). `progress` is told how many bytes are read of those
// that must be; what it throws ends the reading. Errors: kNotFound for a file that cannot be read,
// those of Database. As thread-safe as the store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "store/run_store.h"

namespace retort {

std::string ModelDigest(RunStore& store, const std::string& path,
                        const std::function<void(int64_t done, int64_t total)>& progress = {});

// Of the file, or of a folder's files together.
int64_t ModelBytes(const std::string& path);

}  // namespace retort

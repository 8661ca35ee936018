#include "base/cgroup.h"

#include <algorithm>
#include <fstream>
#include <limits>

namespace retort {
namespace {

constexpr int kNoLimit = std::numeric_limits<int>::max();

int CpusOf(double quota, double period) {
  if (quota <= 0 || period <= 0) return kNoLimit;
  return std::max(1, static_cast<int>(quota / period + 0.5));
}

// v2: "max 100000" or "150000 100000".
int ReadV2(const std::string& directory) {
  std::ifstream file(directory + "/cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period ? CpusOf(quota, period) : kNoLimit;
}

// v1: two files; a quota of -1 is none.
int ReadV1(const std::string& directory) {
  std::ifstream quota_file(directory + "/cpu.cfs_quota_us");
  std::ifstream period_file(directory + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period ? CpusOf(quota, period) : kNoLimit;
}

// The smallest limit of `path` and the groups above it.
template <class Read>
int LeastUpwards(const std::string& mount, std::string path, const Read& read) {
  int limit = kNoLimit;
  while (true) {
    limit = std::min(limit, read(mount + path));
    if (path.empty()) return limit;
    path.erase(path.find_last_of('/'));
  }
}

bool HasController(const std::string& list, const std::string& name) {
  return ("," + list + ",").find("," + name + ",") != std::string::npos;
}

}  // namespace

int CgroupCpuLimit(const std::string& membership, const std::string& root) {
  int limit = kNoLimit;
  std::ifstream file(membership);
  std::string line;  // "0::/group" (v2) or "4:cpu,cpuacct:/group" (v1)
  while (std::getline(file, line)) {
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos || second + 1 >= line.size() || line[second + 1] != '/') {
      continue;
    }
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1) == "/" ? "" : line.substr(second + 1);
    if (controllers.empty()) limit = std::min(limit, LeastUpwards(root, path, ReadV2));
    if (HasController(controllers, "cpu")) {
      // Mounted under all of its names, and usually linked from the one.
      limit = std::min(limit, LeastUpwards(root + "/cpu", path, ReadV1));
      limit = std::min(limit, LeastUpwards(root + "/" + controllers, path, ReadV1));
    }
  }
  return limit;
}

}  // namespace retort

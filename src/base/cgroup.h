// The CPU quota that a container runs under (cgroup v2, else v1): threads beyond it would only be
// throttled. Thread-safe.
#pragma once

#include <string>

namespace retort {

// Whole CPUs that the quota grants, at least 1; a very large number if there is none. The quotas of
// all groups from this process's up to the root count. `membership` is /proc/self/cgroup and `root`
// /sys/fs/cgroup, except in tests.
int CgroupCpuLimit(const std::string& membership, const std::string& root);

}  // namespace retort

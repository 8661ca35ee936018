// The CPU quota that a container runs under (cgroup v2, else v1): threads beyond it would only be
// throttled. Thread-safe.
#pragma once

#include <string>

namespace retort {

// CPUs that the quota grants, to the nearest whole number and at least 1: with two threads, one and
// a half CPUs do more than with one. A very large number if there is none. The quotas of
// all groups from this process's up to the root count. `membership` is /proc/self/cgroup and `root`
// /sys/fs/cgroup, except in tests.
int CgroupCpuLimit(const std::string& membership, const std::string& root);

}  // namespace retort

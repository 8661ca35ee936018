#include "doctor/port_check.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/quote.h"

namespace retort::doctor {
namespace {

struct Listener {
  int port = 0;
  std::string address = {};  // hexadecimal, as /proc has it
  std::string inode = {};
};

// Those of one table: "0: 0100007F:1EB4 00000000:0000 0A ... uid timeout inode ...".
void AddListeners(const SystemFiles& files, std::string_view table,
                  std::vector<Listener>& listeners) {
  constexpr std::string_view kListen = "0A";
  for (const std::string& line : files.Lines(table)) {
    std::istringstream words(line);
    std::string number, local, remote, state, queues, timer, retries, uid, timeout, inode;
    words >> number >> local >> remote >> state >> queues >> timer >> retries >> uid >> timeout >>
        inode;
    const size_t colon = local.find(':');
    if (!words || state != kListen || colon == std::string::npos) continue;
    int port = 0;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), port, 16);
    listeners.push_back({.port = port, .address = local.substr(0, colon), .inode = inode});
  }
}

// Whether it is in the way of 127.0.0.1: every address, or one of 127.0.0.0/8 (the bytes stand in
// the order of the machine), also as IPv6 writes them.
bool IsInTheWay(const std::string& address) {
  if (address.find_first_not_of('0') == std::string::npos) return true;
  constexpr std::string_view kMapped = "0000000000000000FFFF0000";
  const bool mapped = address.starts_with(kMapped);
  return (address.size() == 8 || mapped) && address.ends_with("7F");
}

bool IsNumber(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

// The process that has a socket open; nullopt where nobody's files that may be seen have it.
std::optional<int> PidOf(const SystemFiles& files, const std::string& inode) {
  const std::string wanted = "socket:[" + inode + "]";
  for (const std::string& pid : files.Names("/proc")) {
    if (!IsNumber(pid)) continue;
    const std::string folder = "/proc/" + pid + "/fd";
    for (const std::string& fd : files.Names(folder)) {
      std::error_code error;
      const auto target = std::filesystem::read_symlink(files.Path(folder + "/" + fd), error);
      if (!error && target == wanted) return std::stoi(pid);
    }
  }
  return std::nullopt;
}

}  // namespace

PortFacts GatherPort(const SystemFiles& files, int port) {
  std::vector<Listener> listeners;
  AddListeners(files, "/proc/net/tcp", listeners);
  AddListeners(files, "/proc/net/tcp6", listeners);
  PortFacts facts{.port = port};
  const Listener* found = nullptr;
  std::set<int> taken;
  for (const Listener& listener : listeners) {
    taken.insert(listener.port);
    if (listener.port != port) continue;
    const bool in_the_way = IsInTheWay(listener.address);
    if (found == nullptr || (in_the_way && facts.elsewhere)) {
      found = &listener;
      facts.elsewhere = !in_the_way;
    }
  }
  constexpr int kLastPort = 65535;
  facts.free_port = port + 1;
  while (facts.free_port <= kLastPort && taken.contains(facts.free_port)) ++facts.free_port;
  if (facts.free_port > kLastPort) facts.free_port = 0;
  if (found == nullptr) return facts;
  facts.in_use = true;
  facts.pid = PidOf(files, found->inode);
  if (facts.pid) facts.process = files.Text(fmt::format("/proc/{}/comm", *facts.pid));
  return facts;
}

Findings CheckPort(const PortFacts& facts) {
  Finding finding{.check = "port"};
  if (!facts.in_use) {
    finding.what = fmt::format("{} is free", facts.port);
    return {finding};
  }
  const std::string who =
      facts.pid
          ? fmt::format("{} (pid {})",
                        facts.process.empty() ? "a process" : Printable(facts.process), *facts.pid)
          : "another user's process";
  if (facts.elsewhere) {
    finding.severity = Severity::kNote;
    finding.what =
        fmt::format("{} is in use by {}, at another address than 127.0.0.1", facts.port, who);
    return {finding};
  }
  finding.severity = Severity::kError;
  finding.what = fmt::format("{} is in use by {}", facts.port, who);
  // 0 takes any that is free.
  finding.remedy = fmt::format("retort serve --port {}", facts.free_port);
  if (facts.process == "retort") {  // as it should be, unless a second one is to run
    finding.severity = Severity::kNote;
    finding.what += ": a server runs already, `retort ps` shows it";
  }
  finding.remedy += facts.pid
                        ? fmt::format(", or end it: kill {}", *facts.pid)
                        : fmt::format(", or see who it is: sudo ss -ltnp sport = :{}", facts.port);
  return {finding};
}

}  // namespace retort::doctor

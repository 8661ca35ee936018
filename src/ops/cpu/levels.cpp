#include "ops/cpu/levels.h"

#include <string>

#include "base/error.h"
#include "ops/cpu/self_check.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace retort::cpu {
namespace {

#if defined(__x86_64__)

struct CpuId {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

CpuId Ask(unsigned leaf, unsigned subleaf = 0) {
  CpuId id;
  __get_cpuid_count(leaf, subleaf, &id.a, &id.b, &id.c, &id.d);
  return id;
}

bool Has(unsigned reg, int bit) { return ((reg >> bit) & 1u) != 0; }

// The register states that the operating system saves, XCR0; 0 if it cannot say.
uint64_t EnabledStates() {
  if (!Has(Ask(1).c, 27)) return 0;  // OSXSAVE
  unsigned low = 0, high = 0;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<uint64_t>(high) << 32) | low;
}

bool HasAvx2() {
  const CpuId one = Ask(1), seven = Ask(7);
  const bool avx = Has(one.c, 28), fma = Has(one.c, 12), f16c = Has(one.c, 29);
  constexpr uint64_t kYmm = 0x6;
  return avx && fma && f16c && Has(seven.b, 5) && (EnabledStates() & kYmm) == kYmm;
}

bool HasAvx512() {
  const CpuId seven = Ask(7);
  const bool f = Has(seven.b, 16), dq = Has(seven.b, 17);
  const bool bw = Has(seven.b, 30), vl = Has(seven.b, 31);
  constexpr uint64_t kZmm = 0xE6;
  return HasAvx2() && f && dq && bw && vl && (EnabledStates() & kZmm) == kZmm;
}

// Its kernels passed their tests on an emulated processor only (scripts/test-emulated), so each
// real one has them checked.
bool HasVnni() {
  static const bool kUsable =
      HasAvx512() && Has(Ask(7).c, 11) && HaveSameBits(VnniInt8Kernels(), Avx2Int8Kernels());
  return kUsable;
}

// The tiles' 8 KiB of registers must be asked for, once per process, before any thread uses them.
bool RequestTileData() {
#if defined(__linux__)
  constexpr int kRequestPermission = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}

bool HasAmx() {
  const CpuId seven = Ask(7);
  const bool bf16 = Has(seven.d, 22), tile = Has(seven.d, 24), avx512_bf16 = Has(Ask(7, 1).a, 5);
  constexpr uint64_t kTileStates = 0x60000;
  return HasVnni() && bf16 && tile && avx512_bf16 &&
         (EnabledStates() & kTileStates) == kTileStates && RequestTileData();
}

#endif

}  // namespace

std::vector<const KernelTable*> UsableLevels() {
  std::vector<const KernelTable*> levels = {&ScalarKernels()};
#if defined(__x86_64__)
  if (HasAvx2()) levels.push_back(&Avx2Kernels());
  if (HasAvx512()) levels.push_back(&Avx512Kernels());
  if (HasVnni()) levels.push_back(&VnniKernels());
  if (HasAmx()) levels.push_back(&AmxKernels());
#endif
  return levels;
}

const KernelTable& LevelByName(std::string_view name) {
  const std::vector<const KernelTable*> levels = UsableLevels();
  if (name.empty()) return *levels.back();
  std::string known;
  for (const KernelTable* level : levels) {
    if (name == level->level) return *level;
    known += (known.empty() ? "" : ", ") + std::string(level->level);
  }
  Fail(ErrorCode::kInvalidArgument, "no instruction set level '{}' on this processor; it has: {}",
       name, known);
}

}  // namespace retort::cpu

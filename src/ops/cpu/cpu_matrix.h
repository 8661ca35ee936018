// A matrix as the CPU backend multiplies by it: packed into panels (panels.h) where the level has
// kernels for that, else read where it lies.
#pragma once

#include <memory>
#include <string>

#include "ops/cpu/workers.h"
#include "ops/host_memory.h"

namespace retort::cpu {

class CpuMatrix : public HostMatrix {
 public:
  // Packs with all threads if `packs`.
  CpuMatrix(ConstTensorView source, bool packs, Workers& workers);

  size_t owned_bytes() const override { return panels_.bytes(); }
  bool multiplies_source() const override { return !packed(); }
  bool packed() const { return panels_.bytes() > 0; }
  const std::byte* panels() const { return panels_.view().data; }

 private:
  Tensor panels_;
};

// Throws as PackInPlace.
std::unique_ptr<CpuMatrix> PackForCpu(ConstTensorView source, const std::string& name,
                                      const KernelTable& kernels, MatrixUse use, Workers& workers);

}  // namespace retort::cpu

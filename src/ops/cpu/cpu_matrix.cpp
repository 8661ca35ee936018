#include "ops/cpu/cpu_matrix.h"

#include "ops/cpu/levels.h"
#include "ops/cpu/panels.h"

namespace retort::cpu {

CpuMatrix::CpuMatrix(ConstTensorView source, bool packs, Workers& workers) : HostMatrix(source) {
  if (!packs) return;
  const int64_t panels = (rows() + kPanelRows - 1) / kPanelRows;
  const int64_t panel_bytes = PanelFormatOf(dtype()).panel_bytes(cols());
  panels_ = NewHostTensor(DType::kF32, {panels * panel_bytes / 4});
  AdviseLargePages(panels_.view());
  std::byte* out = panels_.view().data;
  workers.ForEach(panels, rows() * cols(), [&](int, int64_t p) {
    PackPanel(dtype(), row(0), rows(), cols(), p, out + p * panel_bytes);
  });
}

std::unique_ptr<CpuMatrix> PackForCpu(ConstTensorView source, const std::string& name,
                                      const KernelTable& kernels, MatrixUse use, Workers& workers) {
  CheckWholeBlocks(source, name);
  const bool packs = use != MatrixUse::kLookUp && MultipliesInt8(kernels, source.dtype);
  return std::make_unique<CpuMatrix>(source, packs, workers);
}

}  // namespace retort::cpu

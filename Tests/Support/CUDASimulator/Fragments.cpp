#include <bit>
#include <cmath>

#include "Codes.h"
#include "Grid.h"

namespace simulator {

namespace {

/// The matrices whose parts the lanes of a warp hold: 16 by `inner`, `inner` by 8, and 16 by 8.
///
/// Source: NVIDIA, PTX ISA, Matrix Fragments for mma.m16n8k8 with .tf32 and for mma.m16n8k16 with floating-point types.
struct Fragments {
  int inner;
  float a[16][16], b[16][8], c[16][8];

  Fragments(const Meeting &meeting, bool ofBF16) : inner(ofBF16 ? 16 : 8) {
    for (int lane = 0; lane < 32; lane++) {
      const CGADFragments &part = partOf(meeting, lane);
      int group = lane / 4, inGroup = lane % 4;
      for (int i = 0; i < 4; i++) {
        put(part.a[i], ofBF16, [&](int k) -> float & { return a[group + i % 2 * 8][k]; }, inGroup + i / 2 * 4);
        c[group + i / 2 * 8][2 * inGroup + i % 2] = part.c[i];
      }
      for (int i = 0; i < 2; i++)
        put(part.b[i], ofBF16, [&](int k) -> float & { return b[k][group]; }, inGroup + i * 4);
    }
  }

  /// Adds to each sum one product after the other; products of so few bits are exact, so that each step rounds once.
  void multiply() {
    for (int i = 0; i < 16; i++)
      for (int j = 0; j < 8; j++)
        for (int k = 0; k < inner; k++) c[i][j] = std::fma(a[i][k], b[k][j], c[i][j]);
  }

  void giveBack(const Meeting &meeting) const {
    for (int lane = 0; lane < 32; lane++)
      for (int i = 0; i < 4; i++) partOf(meeting, lane).c[i] = c[lane / 4 + i / 2 * 8][2 * (lane % 4) + i % 2];
  }

 private:
  static CGADFragments &partOf(const Meeting &meeting, int lane) {
    return *reinterpret_cast<CGADFragments *>(meeting.values[lane]);
  }

  /// Puts what word `index` of the inner index holds: a number of tf32, whose last bits do not count, or two of bf16, the lower
  /// half first.
  template <class At>
  static void put(unsigned word, bool ofBF16, At at, int index) {
    if (ofBF16) {
      at(2 * index) = std::bit_cast<float>(word << 16);
      at(2 * index + 1) = std::bit_cast<float>(word & 0xffff0000);
    } else {
      at(index) = std::bit_cast<float>(word & 0xffffe000);
    }
  }
};

}  // namespace

/// Computed by the first lane that leaves, while the others still wait.
void Grid::multiply(CGADFragments *mine, bool ofBF16, Site site) {
  if (current->number / 32 * 32 + 32 > threadCount)
    fail(codeLaunchFailed, "is in a warp of fewer than 32 threads, which multiplies no fragments");
  Meeting *meeting = meet(~0u, reinterpret_cast<uint64_t>(mine), site);
  if (meeting->left == 0) {
    Fragments fragments(*meeting, ofBF16);
    fragments.multiply();
    fragments.giveBack(*meeting);
  }
  leave(meeting);
}

}  // namespace simulator

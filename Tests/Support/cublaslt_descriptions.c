// Describes products to a real cuBLASLt as cgad does, which takes no device: compiled with Sources/CCUDA/open.c, and called with the
// path of the library. The exit code is 1 if the library refuses a description, or takes one of another size.
#include <stdio.h>

#include "cgad_cublaslt.h"

static int failures;

static void expect(const char *what, cgad_lt_status status, int accepted) {
  if ((status == CGAD_LT_SUCCESS) == accepted) return;
  printf("%s: status %u\n", what, status);
  failures++;
}

static void describe(const cgad_cublaslt *f, cgad_lt_enum compute_type) {
  cgad_lt_operation operation;
  const int32_t transposed = CGAD_LT_TRANSPOSED;
  expect("operation", f->cublasLtMatmulDescCreate(&operation, compute_type, CGAD_LT_REAL_32F), 1);
  for (int a = CGAD_LT_OPERATION_TRANSPOSE_A; a <= CGAD_LT_OPERATION_TRANSPOSE_B; a++) {
    expect("transpose", f->cublasLtMatmulDescSetAttribute(operation, a, &transposed, sizeof transposed), 1);
    expect("transpose of 2 bytes", f->cublasLtMatmulDescSetAttribute(operation, a, &transposed, 2), 0);
  }
  expect("end of operation", f->cublasLtMatmulDescDestroy(operation), 1);
}

static void lay_out(const cgad_cublaslt *f) {
  cgad_lt_layout layout;
  const int32_t count = 3;
  expect("layout", f->cublasLtMatrixLayoutCreate(&layout, CGAD_LT_REAL_32F, 4, 5, 4), 1);
  expect("count", f->cublasLtMatrixLayoutSetAttribute(layout, CGAD_LT_LAYOUT_BATCH_COUNT, &count, sizeof count), 1);
  for (int64_t stride = 0; stride <= 20; stride += 20)
    expect("stride", f->cublasLtMatrixLayoutSetAttribute(layout, CGAD_LT_LAYOUT_BATCH_STRIDE, &stride, sizeof stride), 1);
  expect("stride of 4 bytes", f->cublasLtMatrixLayoutSetAttribute(layout, CGAD_LT_LAYOUT_BATCH_STRIDE, &count, 4), 0);
  expect("end of layout", f->cublasLtMatrixLayoutDestroy(layout), 1);
}

static void prefer(const cgad_cublaslt *f) {
  cgad_lt_preference preference;
  const uint64_t bytes = 4096;
  const uint32_t reductions = CGAD_LT_REDUCTION_COMPUTE_TYPE, alignment = 256;
  expect("preference", f->cublasLtMatmulPreferenceCreate(&preference), 1);
  expect("workspace", f->cublasLtMatmulPreferenceSetAttribute(preference, CGAD_LT_PREFERENCE_WORKSPACE, &bytes, 8), 1);
  expect("workspace of 4 bytes",
         f->cublasLtMatmulPreferenceSetAttribute(preference, CGAD_LT_PREFERENCE_WORKSPACE, &bytes, 4), 0);
  expect("reductions",
         f->cublasLtMatmulPreferenceSetAttribute(preference, CGAD_LT_PREFERENCE_REDUCTIONS, &reductions, 4), 1);
  for (int a = CGAD_LT_PREFERENCE_ALIGNMENT_A; a <= CGAD_LT_PREFERENCE_ALIGNMENT_D; a++)
    expect("alignment", f->cublasLtMatmulPreferenceSetAttribute(preference, a, &alignment, sizeof alignment), 1);
  expect("end of preference", f->cublasLtMatmulPreferenceDestroy(preference), 1);
}

int main(int count, char **arguments) {
  cgad_cublaslt f;
  const char *problem = count == 2 ? cgad_cuda_open_cublaslt(arguments[1], &f) : "a library is to be named";
  if (problem) {
    printf("%s\n", problem);
    return 1;
  }
  describe(&f, CGAD_LT_COMPUTE_32F_PEDANTIC);
  describe(&f, CGAD_LT_COMPUTE_32F_FAST_TF32);
  describe(&f, CGAD_LT_COMPUTE_32F_FAST_16BF);
  lay_out(&f);
  prefer(&f);
  return failures > 0;
}

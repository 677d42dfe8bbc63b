#ifndef EDGEWISE_COPENBLAS_SHIM_H
#define EDGEWISE_COPENBLAS_SHIM_H

#include <cblas.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Exported by builds that choose their kernels at run time, absent from the others.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

// Repairs the choice of kernels on processors that are newer than the library.
//
// OpenBLAS 0.3.24 and earlier fall back to SSE3 kernels ("Prescott") on an Intel model they do not know
// (https://github.com/OpenMathLib/OpenBLAS/issues/4267), which costs a factor of three to five. If that has
// happened on a processor with AVX2 or AVX-512, the library chooses again, as if OPENBLAS_CORETYPE had been
// set before the start. An OPENBLAS_CORETYPE of the user's wins.
static inline void edgewise_openblas_repair_kernels(void) {
#if defined(__x86_64__)
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (getenv("OPENBLAS_CORETYPE") || strcmp(openblas_get_corename(), "Prescott") != 0) return;
  __builtin_cpu_init();
  const char *kernels = NULL;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) kernels = "Haswell";
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) kernels = "SkylakeX";
  if (!kernels || setenv("OPENBLAS_CORETYPE", kernels, 1) != 0) return;
  gotoblas_dynamic_quit();
  gotoblas_dynamic_init();
  unsetenv("OPENBLAS_CORETYPE");
#endif
}

// Makes the calling thread take subnormal operands as zero and give zero for subnormal results, and returns
// its mode before. (MXCSR: bit 6 is "denormals are zeros", bit 15 "flush to zero".)
static inline uint32_t edgewise_flush_subnormals(void) {
#if defined(__x86_64__)
  uint32_t mode = __builtin_ia32_stmxcsr();
  __builtin_ia32_ldmxcsr(mode | 0x8040);
  return mode;
#else
  return 0;
#endif
}

// Puts a mode back.
static inline void edgewise_set_floating_point_mode(uint32_t mode) {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(mode);
#else
  (void)mode;
#endif
}

// Eight numbers at once: the operations that Swift's vectors do one by one. The product may be fused with the
// sum where the processor does that.
typedef float edgewise_float8 __attribute__((ext_vector_type(8)));
typedef float edgewise_float4 __attribute__((ext_vector_type(4)));
typedef double edgewise_double4 __attribute__((ext_vector_type(4)));

static inline edgewise_float8 edgewise_square_root(edgewise_float8 x) {
  return __builtin_elementwise_sqrt(x);
}

static inline edgewise_float8 edgewise_multiply_add(edgewise_float8 a, edgewise_float8 b, edgewise_float8 c) {
#pragma clang fp contract(fast)
  return a * b + c;
}

static inline edgewise_double4 edgewise_add_square(edgewise_double4 x, edgewise_double4 sum) {
#pragma clang fp contract(fast)
  return x * x + sum;
}

// The lesser and the greater of two numbers, element by element; of equal ones each stays once.
static inline edgewise_float8 edgewise_lesser(edgewise_float8 a, edgewise_float8 b) {
  return a < b ? a : b;
}

static inline edgewise_float8 edgewise_greater(edgewise_float8 a, edgewise_float8 b) {
  return a < b ? b : a;
}

// Asks for the cache line of an address, which need not be mapped.
static inline void edgewise_fetch(const float *address) {
  __builtin_prefetch(address, 0, 3);
}

// The sums of four vectors, by pairs.
static inline edgewise_float4 edgewise_four_sums(
    edgewise_float8 a, edgewise_float8 b, edgewise_float8 c, edgewise_float8 d) {
  edgewise_float8 ab = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
                       __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  edgewise_float8 cd = __builtin_shufflevector(c, d, 0, 8, 2, 10, 4, 12, 6, 14) +
                       __builtin_shufflevector(c, d, 1, 9, 3, 11, 5, 13, 7, 15);
  edgewise_float8 sums = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13) +
                         __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
  return sums.lo + sums.hi;
}

#endif

#pragma once

/// Atomic updates of integers. One thread runs at a time, so that a plain update is atomic.

#define CGAD_ATOMIC(name, T, next) \
  CGAD_UNOBSERVED inline T name(T *address, T value) { \
    cgad_simt_atomic(address, sizeof(T)); \
    T old = *address; \
    *address = next; \
    return old; \
  }
#define CGAD_ATOMICS(T) \
  CGAD_ATOMIC(atomicAdd, T, old + value) \
  CGAD_ATOMIC(atomicMax, T, old < value ? value : old) \
  CGAD_ATOMIC(atomicMin, T, value < old ? value : old) \
  CGAD_ATOMIC(atomicExch, T, value) \
  CGAD_ATOMIC(atomicOr, T, old | value) \
  CGAD_ATOMIC(atomicAnd, T, old & value) \
  CGAD_ATOMIC(atomicXor, T, old ^ value) \
  CGAD_UNOBSERVED inline T atomicCAS(T *address, T expected, T value) { \
    cgad_simt_atomic(address, sizeof(T)); \
    T old = *address; \
    if (old == expected) *address = value; \
    return old; \
  }
CGAD_ATOMICS(int)
CGAD_ATOMICS(unsigned)
CGAD_ATOMICS(unsigned long long)

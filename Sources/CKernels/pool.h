// Parallel loops over fixed chunks.

#pragma once

#include "cgad_kernels.h"

/// The number of elements below which a loop is not worth a second thread, and the usual chunk.
#define CGAD_GRAIN ((size_t)16384)

/// The greatest number of chunks of a loop that leaves one partial result per chunk.
#define CGAD_MAX_PARTIALS ((size_t)256)

#define CGAD_HIDDEN __attribute__((visibility("hidden")))

/// Does the part `[begin, end)` of a loop, which is chunk number `chunk`.
typedef void cgad_body(void *context, size_t begin, size_t end, size_t chunk);

/// Calls `body` for each chunk of `chunk_size` (the last may be shorter) of `[0, count)`, in any order, on the threads
/// of `pool`. Chunks depend only on `count` and `chunk_size`.
CGAD_HIDDEN void cgad_parallel_for(
  cgad_pool *pool, size_t count, size_t chunk_size, cgad_body *body, void *context);

/// Returns the number of chunks that `cgad_parallel_tasks` cuts `[0, count)` into, at most `threads`.
CGAD_HIDDEN size_t cgad_task_chunks(int threads, size_t count);

/// Calls `body` for `[0, count)` cut into at most as many chunks as `pool` has threads, so that each chunk may use working
/// memory of its number. The chunks depend on the number of threads: what `body` does for one element must not depend on
/// the others.
CGAD_HIDDEN void cgad_parallel_tasks(cgad_pool *pool, size_t count, cgad_body *body, void *context);

/// Returns the number of rows of `cols` elements that make a chunk worth handing to a thread.
static inline size_t cgad_rows_per_chunk(size_t cols) {
  return cols >= CGAD_GRAIN ? 1 : CGAD_GRAIN / (cols + 1) + 1;
}

/// Returns a chunk size of at least `minimum`, a multiple of it, that gives at most `CGAD_MAX_PARTIALS` chunks.
static inline size_t cgad_partial_chunk(size_t count, size_t minimum) {
  size_t least = count / CGAD_MAX_PARTIALS + 1;
  return (least + minimum - 1) / minimum * minimum;
}

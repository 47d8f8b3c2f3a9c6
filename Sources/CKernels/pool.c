// A pool of threads that spin for a while before they sleep.
//
// The state of a pool is one word, the gate: the number of workers inside the current loop, whether the loop may still
// be entered, and the number of the loop. The caller opens the gate, works, closes the gate when no chunk is left, and
// waits for the workers inside; a worker that wakes too late finds the gate closed and is not waited for.
//
// Each thread starts with its own share of the chunks, the same in every loop, so that what it wrote is likely in its
// cache; then it takes chunks from the shares of the others.

#include "pool.h"

#include <cblas.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ACTIVE_MASK ((uint64_t)0xffff)
#define OPEN ((uint64_t)1 << 16)
#define GENERATION_SHIFT 17

/// How often a thread looks before it sleeps or yields: 0.1 ms or so.
#define SPINS 4000

/// The chunks `[next, end)` not yet taken from a thread's share.
typedef struct {
  _Alignas(64) atomic_size_t next;
  size_t end;
} share;

typedef struct {
  cgad_body *body;
  void *context;
  size_t count;
  size_t chunk_size;
} loop;

typedef struct {
  struct cgad_pool *pool;
  pthread_t thread;
  int index;
} worker;

struct cgad_pool {
  _Alignas(64) atomic_uint_fast64_t gate;
  _Alignas(64) atomic_int sleepers;
  atomic_bool stop;
  int threads;
  loop current;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  share *shares;
  worker *workers;
};

static void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// MARK: Work

static void run_chunk(const loop *l, size_t chunk) {
  size_t begin = chunk * l->chunk_size;
  size_t rest = l->count - begin;
  l->body(l->context, begin, begin + (rest < l->chunk_size ? rest : l->chunk_size), chunk);
}

static void run_share(const loop *l, share *s) {
  for (;;) {
    size_t chunk = atomic_fetch_add_explicit(&s->next, 1, memory_order_relaxed);
    if (chunk >= s->end) return;
    run_chunk(l, chunk);
  }
}

static void run_shares(cgad_pool *pool, int first) {
  for (int i = 0; i < pool->threads; i++) run_share(&pool->current, &pool->shares[(first + i) % pool->threads]);
}

static void divide(cgad_pool *pool, size_t chunks) {
  size_t each = chunks / (size_t)pool->threads, more = chunks % (size_t)pool->threads, begin = 0;
  for (int i = 0; i < pool->threads; i++) {
    size_t end = begin + each + ((size_t)i < more);
    atomic_store_explicit(&pool->shares[i].next, begin, memory_order_relaxed);
    pool->shares[i].end = end;
    begin = end;
  }
}

// MARK: Gate

static void open_gate(cgad_pool *pool) {
  uint64_t generation = atomic_load(&pool->gate) >> GENERATION_SHIFT;
  atomic_store(&pool->gate, (generation + 1) << GENERATION_SHIFT | OPEN);
  if (atomic_load(&pool->sleepers) == 0) return;
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
}

static void close_gate(cgad_pool *pool) {
  atomic_fetch_and(&pool->gate, ~OPEN);
  for (int i = 0; atomic_load_explicit(&pool->gate, memory_order_acquire) & ACTIVE_MASK; i++) {
    if (i < SPINS) relax();
    else sched_yield();
  }
}

/// Returns whether there is a reason to leave the wait of a worker that saw loop number `seen` last.
static bool has_news(cgad_pool *pool, uint64_t seen) {
  uint64_t g = atomic_load(&pool->gate);
  return ((g & OPEN) && g >> GENERATION_SHIFT != seen) || atomic_load(&pool->stop);
}

static void sleep_until_news(cgad_pool *pool, uint64_t seen) {
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleepers, 1);
  while (!has_news(pool, seen)) pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleepers, 1);
  pthread_mutex_unlock(&pool->mutex);
}

static void wait_for_news(cgad_pool *pool, uint64_t seen) {
  for (int i = 0; i < SPINS; i++) {
    if (has_news(pool, seen)) return;
    relax();
  }
  sleep_until_news(pool, seen);
}

/// Enters the loop if the gate is open for one that is not `*seen`, and notes its number.
static bool enter(cgad_pool *pool, uint64_t *seen) {
  uint_fast64_t g = atomic_load(&pool->gate);
  while ((g & OPEN) && g >> GENERATION_SHIFT != *seen) {
    if (!atomic_compare_exchange_weak(&pool->gate, &g, g + 1)) continue;
    *seen = g >> GENERATION_SHIFT;
    return true;
  }
  return false;
}

static void *worker_main(void *argument) {
  worker *w = argument;
  cgad_pool *pool = w->pool;
  uint64_t seen = 0;
  for (;;) {
    wait_for_news(pool, seen);
    if (atomic_load(&pool->stop)) return NULL;
    if (!enter(pool, &seen)) continue;
    run_shares(pool, w->index);
    atomic_fetch_sub(&pool->gate, 1);
  }
}

void cgad_parallel_for(cgad_pool *pool, size_t count, size_t chunk_size, cgad_body *body, void *context) {
  size_t chunks = count / chunk_size + (count % chunk_size != 0);
  loop l = {body, context, count, chunk_size};
  if (pool->threads == 1 || chunks <= 1) {
    for (size_t i = 0; i < chunks; i++) run_chunk(&l, i);
    return;
  }
  pool->current = l;
  divide(pool, chunks);
  open_gate(pool);
  run_shares(pool, 0);
  close_gate(pool);
}

/// Returns the least chunk size for which there are no more chunks than threads.
static size_t task_chunk_size(int threads, size_t count) {
  return count / (size_t)threads + (count % (size_t)threads != 0);
}

size_t cgad_task_chunks(int threads, size_t count) {
  if (count == 0) return 0;
  size_t size = task_chunk_size(threads, count);
  return count / size + (count % size != 0);
}

void cgad_parallel_tasks(cgad_pool *pool, size_t count, cgad_body *body, void *context) {
  if (count > 0) cgad_parallel_for(pool, count, task_chunk_size(pool->threads, count), body, context);
}

// MARK: Life

/// Ends the first `started` workers and frees what `pool` holds.
static void dismantle(cgad_pool *pool, int started) {
  atomic_store(&pool->stop, true);
  pthread_mutex_lock(&pool->mutex);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int i = 0; i < started; i++) pthread_join(pool->workers[i].thread, NULL);
  pthread_cond_destroy(&pool->wake);
  pthread_mutex_destroy(&pool->mutex);
  free(pool->workers);
  free(pool->shares);
  free(pool);
}

static bool start_worker(cgad_pool *pool, int i) {
  pool->workers[i] = (worker){.pool = pool, .index = i + 1};
  return pthread_create(&pool->workers[i].thread, NULL, worker_main, &pool->workers[i]) == 0;
}

static cgad_pool *allocate(int threads) {
  cgad_pool *pool = aligned_alloc(64, (sizeof(cgad_pool) + 63) / 64 * 64);
  if (!pool) return NULL;
  *pool = (cgad_pool){.threads = threads};
  pool->shares = aligned_alloc(64, sizeof(share) * (size_t)threads);
  pool->workers = calloc((size_t)threads, sizeof(worker));
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  if (pool->shares && pool->workers) return pool;
  dismantle(pool, 0);
  return NULL;
}

cgad_pool *cgad_pool_create(int threads) {
  if (threads < 1 || threads > CGAD_MAX_THREADS) return NULL;
  openblas_set_num_threads(1);
  cgad_pool *pool = allocate(threads);
  if (!pool) return NULL;
  for (int i = 0; i < threads - 1; i++) {
    if (start_worker(pool, i)) continue;
    dismantle(pool, i);
    return NULL;
  }
  return pool;
}

void cgad_pool_destroy(cgad_pool *pool) {
  if (pool) dismantle(pool, pool->threads - 1);
}

int cgad_pool_threads(const cgad_pool *pool) { return pool->threads; }

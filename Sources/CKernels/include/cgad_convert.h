#pragma once

#include <stdint.h>

// Loops over data files and batches. All are pure functions of their arguments, run on one thread, and give the same bits
// on every machine. "Rows" are the examples of a data set; `rows[i]` is the example that becomes the i-th of a batch.

/// Copies row `rows[i]` of `source` to row `i` of `target`, for each i below `count`. Rows of `source` start `stride` bytes
/// behind each other and may overlap.
void cgad_gather_copy(
    void *target, const void *source, const int64_t *rows, int64_t count, int64_t stride, int64_t row_bytes);

/// As `cgad_gather_copy`, converting each element; a row has `width` elements, and `stride` counts elements. Every
/// conversion is exact.
void cgad_gather_u8_f32(
    float *target, const uint8_t *source, const int64_t *rows, int64_t count, int64_t stride, int64_t width);
void cgad_gather_u8_i32(
    int32_t *target, const uint8_t *source, const int64_t *rows, int64_t count, int64_t stride, int64_t width);
void cgad_gather_u16_i32(
    int32_t *target, const uint16_t *source, const int64_t *rows, int64_t count, int64_t stride, int64_t width);

/// Requires that every element fits in 32 bits.
void cgad_gather_i64_i32(
    int32_t *target, const int64_t *source, const int64_t *rows, int64_t count, int64_t stride, int64_t width);

/// Returns the index of the first element outside `[low, high]`, or -1 if there is none.
int64_t cgad_find_outside_u8(const uint8_t *source, int64_t count, int64_t low, int64_t high);
int64_t cgad_find_outside_u16(const uint16_t *source, int64_t count, int64_t low, int64_t high);
int64_t cgad_find_outside_i32(const int32_t *source, int64_t count, int64_t low, int64_t high);
int64_t cgad_find_outside_i64(const int64_t *source, int64_t count, int64_t low, int64_t high);

/// Reverses the bytes of each of `count` elements of `width` bytes in place; `width` is 1, 2, 4 or 8.
void cgad_swap_bytes(void *elements, int64_t count, int64_t width);

/// Widens `count` signed 16-bit integers to 32 bits.
void cgad_widen_i16_i32(int32_t *target, const int16_t *source, int64_t count);

/// Stores the low `width` bytes (1, 2, 4 or 8) of each of `count` integers that are not negative.
void cgad_store_i32(void *target, const int32_t *source, int64_t count, int64_t width);

/// Returns value number `counter` of the SplitMix64 sequence that starts at `key`.
uint64_t cgad_split_mix(uint64_t key, uint64_t counter);

/// Fills `target` with standard normal numbers, element i a function of `key` and `first + i` alone.
void cgad_keyed_normal(float *target, int64_t count, uint64_t key, uint64_t first);

/// Fills `target` with integers in `[0, bound)`, element i a function of `key` and i alone; 1 <= bound < 2^31.
void cgad_random_below(int32_t *target, int64_t count, uint64_t key, int32_t bound);

/// Computes `target = scale * row @ weights` for one row of `inputs` numbers and `weights[inputs, outputs]`.
void cgad_linear_map(
    float *target, const float *row, const float *weights, int64_t inputs, int64_t outputs, float scale);

/// Sets `target[i]` to the index of the greatest (the first of equals) of the i-th group of `bound` scores.
void cgad_argmax_groups(int32_t *target, const float *scores, int64_t count, int64_t bound);

/// Adds `scale * addend` to `target`, element by element.
void cgad_add_scaled(float *target, const float *addend, int64_t count, float scale);

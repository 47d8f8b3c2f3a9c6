// Choice between floats, for processors and devices.
//
// The texts in this folder are C11 and C++ without headers, and are compiled for 16 lanes of a processor (vector.h and
// numerics.h, which include them) and for one thread of a device (language.cuh, into which they are embedded). Those two
// say what `f32s`, `i32s`, `u32s`, `f64s`, `i64s` and `u64s` are, a vector or one number, and `mask32` and `mask64`, what
// comparisons give, and define the functions that depend on it: the likes of `splat`, `choose` and `bits_of`. Products
// and sums are contracted nowhere, so that every operation here is the same one on both, and gives the same bits.

CGAD_FUNCTION f32s magnitude(f32s x) { return float_of(bits_of(x) & 0x7fffffffu); }

/// Returns the greater, `b` if either is NaN or they are equal.
CGAD_FUNCTION f32s greater(f32s a, f32s b) { return choose(a > b, a, b); }

/// Returns the lesser, `b` if either is NaN or they are equal.
CGAD_FUNCTION f32s lesser(f32s a, f32s b) { return choose(a < b, a, b); }

/// Returns the greater, NaN if either is.
CGAD_FUNCTION f32s maximum(f32s a, f32s b) { return choose((a > b) | (a != a), a, b); }

/// Returns the lesser, NaN if either is.
CGAD_FUNCTION f32s minimum(f32s a, f32s b) { return choose((a < b) | (a != a), a, b); }

/// Returns `x` limited to `[low, high]`, NaN if it is.
CGAD_FUNCTION f32s clamp(f32s x, float low, float high) { return lesser(splat(high), greater(splat(low), x)); }

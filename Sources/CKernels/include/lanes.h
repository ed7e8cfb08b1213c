#ifndef LANES_H
#define LANES_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/// Eight numbers side by side: one register of AVX-512, two of AVX2, four elsewhere.
///
/// What Swift's SIMD types have no single instruction for: a comparison as bits, a choice, the
/// smaller of two. Compiled anew with every module's own flags.
typedef double lanes_t __attribute__((ext_vector_type(8)));
typedef double half_lanes_t __attribute__((ext_vector_type(4)));
typedef double lane_pair_t __attribute__((ext_vector_type(2)));
typedef int64_t lane_mask_t __attribute__((ext_vector_type(8)));
typedef _Bool lane_bits_t __attribute__((ext_vector_type(8)));

/// Sixteen numbers of a row, and a quarter of them wherever it lies.
typedef float row_t __attribute__((ext_vector_type(16)));
typedef float row_quarter_t __attribute__((ext_vector_type(4), aligned(4)));

#define LANES static inline __attribute__((always_inline))

LANES lanes_t lanes_min(lanes_t a, lanes_t b) { return b < a ? b : a; }
LANES lanes_t lanes_max(lanes_t a, lanes_t b) { return b > a ? b : a; }
LANES lanes_t lanes_abs(lanes_t a) { return __builtin_elementwise_abs(a); }

/// x where a < b, else y.
LANES lanes_t lanes_where_less(lanes_t a, lanes_t b, lanes_t x, lanes_t y) {
  return a < b ? x : y;
}

/// x where a = b, else y.
LANES lanes_t lanes_where_equal(lanes_t a, lanes_t b, lanes_t x, lanes_t y) {
  return a == b ? x : y;
}

/// x where the bit of the lane is set, else y.
LANES lanes_t lanes_where_bits(uint32_t bits, lanes_t x, lanes_t y) {
  lane_bits_t chosen = __builtin_bit_cast(lane_bits_t, (uint8_t)bits);
  return __builtin_convertvector(chosen, lane_mask_t) != 0 ? x : y;
}

/// A bit for every lane in which a < b, the first lane's lowest.
LANES uint32_t lanes_less(lanes_t a, lanes_t b) {
  return __builtin_bit_cast(uint8_t, __builtin_convertvector(a < b, lane_bits_t));
}

/// A bit for every lane in which a = b.
LANES uint32_t lanes_equal(lanes_t a, lanes_t b) {
  return __builtin_bit_cast(uint8_t, __builtin_convertvector(a == b, lane_bits_t));
}

/// The smallest of the even lanes and the smallest of the odd ones.
LANES lane_pair_t lanes_least_pair(lanes_t a) {
  half_lanes_t half = a.hi < a.lo ? a.hi : a.lo;
  return half.hi < half.lo ? half.hi : half.lo;
}

/// Four rows of sixteen numbers as sixteen rows of four: target[j·stride + i] = source[i·width + j].
///
/// Both the source and `width` are aligned to sixteen numbers.
LANES void lanes_turn(const float *source, ptrdiff_t width, float *target, ptrdiff_t stride) {
  const row_t *rows = (const row_t *)source;
  row_t p = rows[0], q = rows[width / 16], r = rows[width / 8], s = rows[3 * width / 16];
  // Pairs within each quarter, then pairs of pairs: a quarter holds the four of one column.
  row_t even = __builtin_shufflevector(p, q, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  row_t odd = __builtin_shufflevector(p, q, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
  row_t evens = __builtin_shufflevector(r, s, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29);
  row_t odds = __builtin_shufflevector(r, s, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
#define FIRST(a, b) __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define SECOND(a, b) __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
  row_t columns[4] = {FIRST(even, evens), SECOND(even, evens), FIRST(odd, odds), SECOND(odd, odds)};
#undef FIRST
#undef SECOND
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    float *to = target + i * stride;
    *(row_quarter_t *)to = columns[i].lo.lo;
    *(row_quarter_t *)(to + 4 * stride) = columns[i].lo.hi;
    *(row_quarter_t *)(to + 8 * stride) = columns[i].hi.lo;
    *(row_quarter_t *)(to + 12 * stride) = columns[i].hi.hi;
  }
}

/// The complementary error function, and log(1 + x), of one number: those of the C library.
LANES double lanes_erfc(double x) { return erfc(x); }
LANES double lanes_log1p(double x) { return log1p(x); }

/// Asks for the cache line at `address`, which will be written.
LANES void lanes_prefetch(const void *address) { __builtin_prefetch(address, 1); }

/// Asks the second-level cache for the line at `address`, which will be read.
LANES void lanes_prefetch_far(const void *address) { __builtin_prefetch(address, 0, 2); }

#undef LANES

#endif

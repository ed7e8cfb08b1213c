#ifndef LANES_H
#define LANES_H

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

#undef LANES

#endif

#ifndef C_KERNELS_H
#define C_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "lanes.h"

/// Sequences of letters: letter i of sequence j is values[i * count + j], below `states`. `others` are
/// numbers that a network reads behind the one-hot letters, a row of `count` for each.
typedef struct {
  const uint16_t *values;
  ptrdiff_t positions, states, count;
  const float *others;
} letters_t;

/// What a network's logits, `letters` for each position, are judged by: the targets lie like the
/// sequences. With `rates` (count) the loss is -rate (p(x) - d + (1 - d) ln p(target)), d = 1 where
/// x is the target; where null -ln p(target). `evidence` (count) is added to the logit of x; where it is
/// null a letter x that is set is known and without a loss. `terms` are three planes like the
/// sequences: the target's logit less the greatest, the sum of exp(z - greatest), p(x).
typedef struct {
  const uint16_t *targets;
  ptrdiff_t letters;
  const float *rates, *evidence;
  float scale;
  float *terms;
} letter_loss_t;

/// The hot loops of one instruction set; every table computes the same thing.
///
/// A network is `layers` dense layers with `widths[0…layers]` units, `widths[0]` being d + 1 (the
/// point, then its time) and `widths[layers]` d. Its weights lie layer after layer, the matrix
/// [out, in] row after row, then the bias. Points are d×n Doubles, a row per coordinate, `count`
/// long. `scratch` is aligned to 64 bytes.
typedef struct {
  /// Writes the network's output for every point; point j has the time times[j * time_stride].
  void (*forward)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                  const float *weights, const double *points, const double *times,
                  ptrdiff_t time_stride, ptrdiff_t count, double *velocity, ptrdiff_t panels,
                  float *scratch);

  /// The same, and for every point its divergence tr(∂v/∂x), or, where `probes` (d×n) is not null,
  /// cᵀ(∂v/∂x)ε with its probe ε and its row of `covectors` (outputs×n), or ε itself where that is null.
  void (*forward_tangents)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                           const float *weights, const double *points, const double *times,
                           ptrdiff_t time_stride, ptrdiff_t count, const double *probes,
                           const double *covectors, double *velocity, double *divergence,
                           ptrdiff_t panels, float *scratch);

  /// The network's output, and its derivative along a direction of every point's own, by all features: the
  /// directions are widths[0]×n, the time's row last, `velocity` and `change` widths[layers]×n.
  void (*forward_along)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                        const float *weights, const double *points, const double *times,
                        ptrdiff_t time_stride, ptrdiff_t count, const double *directions,
                        double *velocity, double *change, ptrdiff_t panels, float *scratch);

  /// The first two with every sum and function in Double; without a divergence where that is null. `scratch`
  /// holds two panels of 32 points at the greatest width for the value and each tangent.
  void (*forward_in_double)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                            const float *weights, const double *points, const double *times,
                            ptrdiff_t time_stride, ptrdiff_t count, const double *probes,
                            const double *covectors, double *velocity, double *divergence,
                            double *scratch);

  /// Adds scale · ∂(Σ|v − target|²)/∂weights over the points first … first + length − 1 to
  /// `gradient` and returns their Σ|v − target|². `turned`, for wide layers, is what `transpose`
  /// makes of the weights, or null. Where `is_tangent` is not 0, the first coordinates of every point
  /// are a normal of length 1, as long as v, and only the part of v − target at right angles counts.
  double (*squared_error_gradient)(const ptrdiff_t *widths, ptrdiff_t layers,
                                   ptrdiff_t activation, const float *weights,
                                   const float *turned, const double *points,
                                   const double *times, ptrdiff_t count, ptrdiff_t first,
                                   ptrdiff_t length, const double *target,
                                   ptrdiff_t is_tangent, float scale,
                                   float *gradient, ptrdiff_t panels, float *scratch);

  /// Adds ∂L/∂weights to `gradient` and writes ∂L/∂x (d×n) to `point_cotangents`, where
  /// `velocity_cotangents` (d×n) are ∂L/∂v and `divergence_cotangents` (n), or null for 0, ∂L by what
  /// `forward_tangents` writes as the divergence. One time for all points.
  void (*pull_back)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                    const float *weights, const double *points, const double *time,
                    ptrdiff_t count, const double *probes, const double *velocity_cotangents,
                    const double *divergence_cotangents, float *gradient,
                    double *point_cotangents, ptrdiff_t panels, float *scratch);

  /// Writes s(x, t) of a network with one output and, up to `order` 2, its derivatives along
  /// `directions` (a row for every feature) to `results`, one row of n after another. Where there are
  /// `cotangents`, ∂L by those rows, adds ∂L/∂weights to `gradient` and writes ∂L/∂x (d×n) to
  /// `point_cotangents`; either may be null.
  void (*jet)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation, const float *weights,
              const double *points, const double *times, ptrdiff_t time_stride, ptrdiff_t count,
              const double *directions, ptrdiff_t order, const double *cotangents, double *results,
              float *gradient, double *point_cotangents, ptrdiff_t panels, float *scratch);

  /// Writes the first layer turned for `letter_gradient`: a row for each input and one for the bias,
  /// each of widths[1] floats up to a multiple of 32. `turned` is aligned to 64 bytes.
  void (*turn_first_layer)(const ptrdiff_t *widths, ptrdiff_t layers, const float *weights,
                           float *turned);

  /// Writes the logits of a network of letters for every sequence, row after row. `scratch` holds the
  /// turned first layer, two buffers of `panels` panels at the greatest width behind the inputs, and
  /// 2·32·32 floats.
  void (*letter_logits)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                        const float *weights, letters_t letters, float *logits,
                        ptrdiff_t panels, float *scratch);

  /// Adds scale · ∂L/∂weights over the sequences start … start + length − 1 to `gradient`, and writes
  /// their terms. `first` is what `turn_first_layer` makes, `gathered` room of that size; `turned`,
  /// for wide layers, what `transpose` makes, or null.
  void (*letter_gradient)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                          const float *weights, float *first, const float *turned,
                          letters_t letters, ptrdiff_t start, ptrdiff_t length,
                          letter_loss_t loss, float *gradient, float *gathered,
                          ptrdiff_t panels, float *scratch);

  /// Writes the matrix of every layer turned, [in, out], to the same place in `turned`.
  void (*transpose)(const ptrdiff_t *widths, ptrdiff_t layers, const float *weights,
                    float *turned);

  /// Writes what a network of pairs (PairNetwork) answers of the six pairs of `count` molecules, 6×n, from
  /// its features, widths[0]·6×n, and, where their `slopes` by a pair's own distance are not null, how
  /// answers change with distances, 36×n. `scratch` holds two buffers of 6 panels of 32 molecules, or of 42
  /// with slopes, at the most rows that a layer reads, and eight rows.
  void (*pair_answers)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                       ptrdiff_t messages, const float *weights, const double *features,
                       const double *slopes, ptrdiff_t count, double *answers, double *changes,
                       float *scratch);

  /// Writes the matrix of every layer of such a network turned, [in, out], to the same place.
  void (*turn_pairs)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t messages,
                     const float *weights, float *turned);

  /// Adds scale · ∂(Σ|v − target|²)/∂weights over the molecules first … first + length − 1 to `gradient` and
  /// returns their Σ|v − target|², v_i = Σ_j φ_ij (x_i − x_j), by `blocks` blocks of 32 at a time. The `ways`
  /// x_i − x_j are 12×n, `target` 8×n, `turned` what `turn_pairs` makes.
  double (*pair_gradient)(const ptrdiff_t *widths, ptrdiff_t layers, ptrdiff_t activation,
                          ptrdiff_t messages, const float *weights, const float *turned,
                          const double *features, const double *ways, ptrdiff_t count,
                          ptrdiff_t first, ptrdiff_t length, const double *target, float scale,
                          float *gradient, ptrdiff_t blocks, float *scratch);

  /// sum += terms, element by element.
  void (*add)(float *sum, const float *terms, ptrdiff_t count);

  /// One AdamW update of `count` weights: keep = 1 − learning rate · weight decay, step = learning
  /// rate / (1 − β₁ᵏ), root_correction = 1 / √(1 − β₂ᵏ). Returns 1 where all weights are finite,
  /// else 0.
  int (*adam)(float *weights, const float *gradient, float *first, float *second,
              ptrdiff_t count, float keep, float beta1, float beta2, float step,
              float root_correction, float epsilon);

  /// Moves every average towards its weight by the fraction `rate`.
  void (*move_average)(float *average, const float *weights, ptrdiff_t count, float rate);

  /// `count` standard normal variates, fixed by the seed: the same bits in every table.
  void (*normals)(double *values, ptrdiff_t count, uint64_t seed);

  /// `count` uniform variates on [0, 1), fixed by the seed: the same bits in every table.
  void (*uniforms)(double *values, ptrdiff_t count, uint64_t seed);

  /// Writes the points and velocities, 3×n, of the geodesics between unit vectors at their times: the same
  /// bits in every table; NaN between antipodes. A `time_stride` of 0 is one time for all.
  void (*sphere_geodesics)(const double *from, const double *to, const double *times,
                           ptrdiff_t time_stride, ptrdiff_t count, double *points,
                           double *velocities);

  /// Brings 3×n vectors to the length 1: the same bits in every table.
  void (*sphere_settle)(double *points, ptrdiff_t count);

  /// Writes pairs of turns of longitude in [0, 1) and half turns from the north pole, of 3×n points: the
  /// same bits in every table.
  void (*sphere_places)(const double *points, ptrdiff_t count, double *places);

  /// Writes where 3×n points are seen along the third of three axes, by the first and the second, as 2×n; NaN
  /// for what is behind. The same bits in every table.
  void (*sphere_view)(const double *points, ptrdiff_t count, const double *axes, double *picture);

  /// Writes scale · Σ_k weights[k] · counts[neighbours[k]] over k from bounds[i] to bounds[i + 1] for every
  /// cell i: the same bits in every table.
  void (*sparse_sums)(const int32_t *bounds, const int32_t *neighbours, const float *weights,
                      const float *counts, ptrdiff_t cells, float scale, float *result);

  /// Matches points to points so that the sum of the squared distances is least: row i of `from`
  /// goes with column column_of_row[i] of `to`. Also writes the duals, which prove it. Where
  /// `start` is not 0, `column_duals` holds duals to start from: 1 for those of other samples of the
  /// same distributions, 2 for those of nearly the same clouds. `scratch` has
  /// assignment_scratch bytes and is aligned to 64. Returns the number of blocks of columns that rows
  /// looked into: the work of it, which depends on the instruction set by rounding only.
  ptrdiff_t (*assignment)(ptrdiff_t dimension, ptrdiff_t count, const double *from,
                          const double *to, ptrdiff_t *column_of_row, double *row_duals,
                          double *column_duals, int start, void *scratch);

  /// The bytes of scratch memory for an assignment.
  ptrdiff_t (*assignment_scratch)(ptrdiff_t dimension, ptrdiff_t count);

  /// values[j] = min over i of |from_i − to_j|² − duals[i].
  void (*conjugate)(ptrdiff_t dimension, ptrdiff_t from_count, const double *from,
                    const double *duals, ptrdiff_t to_count, const double *to, double *values);

  /// `rounds` rounds of independent multiply-adds z ← z · factor + term in registers. Writes the
  /// sum of all z, a vector of at most 16, and returns the number of floating-point operations.
  double (*multiply_adds)(ptrdiff_t rounds, float factor, float term, float *sum);
} KernelTable;

/// The x86-64 level that this processor and its operating system support: 1, 3 or 4; 1 elsewhere.
int processor_level(void);

/// Asks the system to use large pages for the whole ones within these `bytes`, where it has any; no
/// result depends on it.
void prefer_large_pages(void *memory, size_t bytes);

#endif

/*
 * Scales planes of bytes: shrinking averages every pixel that is covered (no aliasing), growing
 * interpolates linearly. Both axes separately, rows first, in integers.
 */
#ifndef LOOKOUT_RESAMPLE_H
#define LOOKOUT_RESAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Compiles a function and all it calls in its file a second time for newer x64 processors; which
 * one runs is decided when it is loaded. Every 64-bit ARM processor has instructions as good. */
#if defined(__x86_64__) && defined(__gnu_linux__)
#define FOR_THIS_PROCESSOR __attribute__((flatten, target_clones("avx2", "default")))
#else
#define FOR_THIS_PROCESSOR
#endif

/* Output rows that are made in one go: as many 16-bit values as a register holds (SSE2, NEON). The
 * rows share their weights, so a column of them is weighed in one instruction, and the pass across
 * needs no gathering. */
#define LANES 8

typedef uint16_t lanes __attribute__((vector_size(LANES * sizeof(uint16_t))));
typedef uint8_t bytes __attribute__((vector_size(LANES)));

/* For each output position: the first source position, how many follow, and their weights, which
 * are integers that sum to 256. */
struct axis {
  uint32_t *first;
  uint32_t *taps;
  uint16_t *weights; /* `stride` for each position, 0 past its taps */
  size_t stride;
  size_t length;
};

struct resampler {
  struct axis across, down;
  size_t channels;   /* interleaved bytes per pixel */
  size_t row_length; /* of a source row, in bytes */
  size_t row_blocks; /* the same in blocks of LANES, rounded up */
  size_t out_blocks; /* likewise of an output row */
  lanes *sums;       /* LANES source rows after the pass down, scaled by 256 */
  lanes *columns;    /* the same, a column in each vector */
  lanes *mixed;      /* the columns of the output */
  bytes *out;        /* LANES output rows */
  size_t size_bytes; /* of all that was allocated */
};

/* One row to be made: a source plane and the position on its axis `down`. */
struct lane {
  const uint8_t *plane;
  size_t stride_bytes;
  size_t row;
};

struct size {
  size_t width, height;
};

/* Prepares scaling from one size to another, both at least 1 and at most 65535. Gives false when
 * there is no memory; in either case `resampler_free` is to be called. */
bool resampler_init(struct resampler *self, struct size from, struct size to, size_t channels);

void resampler_free(struct resampler *self);

/* Makes LANES rows. Reads of each plane only the source rows that the lane's position covers. */
void resampler_run(struct resampler *self, const struct lane jobs[LANES]);

/* The row that the last run made in a lane; the next run overwrites it. */
const uint8_t *resampler_row(const struct resampler *self, size_t lane);

#endif

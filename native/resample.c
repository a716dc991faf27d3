#include "resample.h"

#include <stdlib.h>
#include <string.h>

/* Weights of one axis sum to this: 256 times 255 still fits in 16 bits, which makes the pass down
 * exact in the narrowest type. */
#define ONE 256
/* Source rows that are summed in one go, to read and write the sums less often. */
#define GROUP 4

static uint64_t min(uint64_t a, uint64_t b) {
  return a < b ? a : b;
}

/* The shares of the source pixels that one shrunken pixel covers, in units of 1/to of a pixel. It
 * is the running sum that is rounded: then no weight is negative or off by 1 or more, however many
 * there are. */
static void cover(struct axis *axis, size_t index, uint64_t from, uint64_t to) {
  uint16_t *weights = axis->weights + index * axis->stride;
  uint64_t begin = index * from;
  uint64_t end = begin + from;
  uint64_t first = begin / to;
  uint64_t last = (end + to - 1) / to;
  uint64_t given = 0;
  for (uint64_t at = first; at < last; at++) {
    uint64_t covered = min(end, (at + 1) * to) - begin;
    uint64_t rounded = (covered * 2 * ONE + from) / (2 * from);
    weights[at - first] = (uint16_t)(rounded - given);
    given = rounded;
  }
  axis->first[index] = (uint32_t)first;
  axis->taps[index] = (uint32_t)(last - first);
}

/* The two source pixels whose centres lie around the centre of one enlarged pixel, measured in
 * units of 1/(2·to) from the centre of the first pixel. */
static void interpolate(struct axis *axis, size_t index, uint64_t from, uint64_t to) {
  uint16_t *weights = axis->weights + index * axis->stride;
  uint64_t unit = 2 * to;
  uint64_t centre = (2 * index + 1) * from;
  centre = min(centre > to ? centre - to : 0, (from - 1) * unit);
  uint64_t share = centre % unit;
  weights[0] = (uint16_t)(((unit - share) * 2 * ONE + unit) / (2 * unit));
  weights[1] = (uint16_t)(ONE - weights[0]);
  axis->first[index] = (uint32_t)(centre / unit);
  axis->taps[index] = share == 0 ? 1 : 2;
}

static size_t blocks(size_t length) {
  return (length + LANES - 1) / LANES;
}

static bool axis_init(struct axis *axis, size_t from, size_t to) {
  axis->length = to;
  /* A window that is not aligned to the pixels touches one more at each end. */
  axis->stride = from / to + 2;
  axis->first = calloc(to, sizeof *axis->first);
  axis->taps = calloc(to, sizeof *axis->taps);
  axis->weights = calloc(to * axis->stride, sizeof *axis->weights);
  if (!axis->first || !axis->taps || !axis->weights) {
    return false;
  }
  for (size_t i = 0; i < to; i++) {
    if (from > to) {
      cover(axis, i, from, to);
    } else {
      interpolate(axis, i, from, to);
    }
  }
  return true;
}

static size_t axis_bytes(const struct axis *axis) {
  return axis->length * (sizeof *axis->first + sizeof *axis->taps +
                         axis->stride * sizeof *axis->weights);
}

static void axis_free(struct axis *axis) {
  free(axis->first);
  free(axis->taps);
  free(axis->weights);
}

bool resampler_init(struct resampler *self, struct size from, struct size to, size_t channels) {
  self->channels = channels;
  self->row_length = from.width * channels;
  self->row_blocks = blocks(self->row_length);
  self->out_blocks = blocks(to.width * channels);
  size_t row_values = self->row_blocks * LANES;
  size_t out_values = self->out_blocks * LANES;
  self->sums = calloc(row_values, sizeof(lanes));
  self->columns = calloc(row_values, sizeof(lanes));
  self->mixed = calloc(out_values, sizeof(lanes));
  self->out = calloc(out_values, sizeof(bytes));
  bool has_tables = axis_init(&self->across, from.width, to.width) &&
                    axis_init(&self->down, from.height, to.height);
  self->size_bytes = row_values * 2 * sizeof(lanes) +
                     out_values * (sizeof(lanes) + sizeof(bytes)) + axis_bytes(&self->across) +
                     axis_bytes(&self->down);
  return has_tables && self->sums && self->columns && self->mixed && self->out;
}

void resampler_free(struct resampler *self) {
  axis_free(&self->across);
  axis_free(&self->down);
  free(self->sums);
  free(self->columns);
  free(self->mixed);
  free(self->out);
}

/* The weighted sum of the first source rows, most often of all of them. */
static void begin_sums(uint16_t *restrict sums, const uint8_t *const rows[GROUP],
                       const uint16_t weights[GROUP], size_t taps, size_t length) {
  const uint8_t *restrict a = rows[0], *restrict b = rows[1];
  const uint8_t *restrict c = rows[2], *restrict d = rows[3];
  const uint16_t wa = weights[0], wb = weights[1], wc = weights[2], wd = weights[3];
  if (taps <= 2) {
    for (size_t i = 0; i < length; i++) {
      sums[i] = (uint16_t)(wa * a[i] + wb * b[i]);
    }
  } else if (taps == 3) {
    for (size_t i = 0; i < length; i++) {
      sums[i] = (uint16_t)(wa * a[i] + wb * b[i] + wc * c[i]);
    }
  } else {
    for (size_t i = 0; i < length; i++) {
      sums[i] = (uint16_t)(wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i]);
    }
  }
}

/* Adds a group of weighted source rows to the sums. */
static void add_rows(uint16_t *restrict sums, const uint8_t *const rows[GROUP],
                     const uint16_t weights[GROUP], size_t length) {
  const uint8_t *restrict a = rows[0], *restrict b = rows[1];
  const uint8_t *restrict c = rows[2], *restrict d = rows[3];
  const uint16_t wa = weights[0], wb = weights[1], wc = weights[2], wd = weights[3];
  for (size_t i = 0; i < length; i++) {
    sums[i] = (uint16_t)(sums[i] + wa * a[i] + wb * b[i] + wc * c[i] + wd * d[i]);
  }
}

/* The pass down: the weighted sum of the source rows of one output row. */
static void sum_rows(const struct resampler *self, const struct lane *lane, uint16_t *sums) {
  const struct axis *down = &self->down;
  const uint16_t *weights = down->weights + lane->row * down->stride;
  const uint8_t *top = lane->plane + down->first[lane->row] * lane->stride_bytes;
  size_t taps = down->taps[lane->row];
  for (size_t tap = 0; tap < taps; tap += GROUP) {
    const uint8_t *rows[GROUP];
    uint16_t group[GROUP];
    for (size_t i = 0; i < GROUP; i++) {
      /* Past the last row: any valid one, with no weight. */
      bool exists = tap + i < taps;
      rows[i] = top + (exists ? tap + i : tap) * lane->stride_bytes;
      group[i] = exists ? weights[tap + i] : 0;
    }
    if (tap == 0) {
      begin_sums(sums, rows, group, taps, self->row_length);
    } else {
      add_rows(sums, rows, group, self->row_length);
    }
  }
}

/* The first halves (0) or the second ones (LANES / 2) of two vectors, by turns. */
static lanes zip(lanes a, lanes b, int from) {
  return (lanes){a[from],     b[from],     a[from + 1], b[from + 1],
                 a[from + 2], b[from + 2], a[from + 3], b[from + 3]};
}

/* Swaps rows and columns of a block: each round doubles how much of a column is together. */
static void transpose(lanes block[LANES]) {
  for (int length = 1; length < LANES; length *= 2) {
    lanes zipped[LANES];
    for (int i = 0; i < LANES / 2; i++) {
      zipped[2 * i] = zip(block[i], block[LANES / 2 + i], 0);
      zipped[2 * i + 1] = zip(block[i], block[LANES / 2 + i], LANES / 2);
    }
    memcpy(block, zipped, sizeof zipped);
  }
}

static void rows_to_columns(const struct resampler *self) {
  for (size_t at = 0; at < self->row_blocks; at++) {
    lanes block[LANES];
    for (size_t i = 0; i < LANES; i++) {
      block[i] = self->sums[i * self->row_blocks + at];
    }
    transpose(block);
    memcpy(self->columns + at * LANES, block, sizeof block);
  }
}

static void columns_to_rows(const struct resampler *self) {
  for (size_t at = 0; at < self->out_blocks; at++) {
    lanes block[LANES];
    memcpy(block, self->mixed + at * LANES, sizeof block);
    transpose(block);
    for (size_t i = 0; i < LANES; i++) {
      self->out[i * self->out_blocks + at] = __builtin_convertvector(block[i], bytes);
    }
  }
}

/*
 * The pass across: one output column, the weighted sum of source columns `step` apart, rounded and
 * scaled back. 16 bits give what 32 would: high and low bytes of the sums are weighed apart, neither
 * total nor high + low / 256 exceeds 256 times 255, and 128 = 32768 / 256 is the half.
 */
static lanes mix(const lanes *from, size_t step, const uint16_t *weights, size_t taps) {
  lanes high = {0}, low = {0};
  for (size_t tap = 0; tap < taps; tap++) {
    lanes sums = from[tap * step];
    high += weights[tap] * (sums >> 8);
    low += weights[tap] * (sums & 255);
  }
  return (high + (low >> 8) + 128) >> 8;
}

static void mix_columns(const struct resampler *self) {
  const struct axis *across = &self->across;
  size_t channels = self->channels;
  lanes *to = self->mixed;
  for (size_t i = 0; i < across->length; i++) {
    const lanes *from = self->columns + across->first[i] * channels;
    const uint16_t *weights = across->weights + i * across->stride;
    for (size_t channel = 0; channel < channels; channel++) {
      *to++ = mix(from + channel, channels, weights, across->taps[i]);
    }
  }
}

FOR_THIS_PROCESSOR
void resampler_run(struct resampler *self, const struct lane jobs[LANES]) {
  for (size_t i = 0; i < LANES; i++) {
    sum_rows(self, &jobs[i], (uint16_t *)(self->sums + i * self->row_blocks));
  }
  rows_to_columns(self);
  mix_columns(self);
  columns_to_rows(self);
}

const uint8_t *resampler_row(const struct resampler *self, size_t lane) {
  return (const uint8_t *)(self->out + lane * self->out_blocks);
}

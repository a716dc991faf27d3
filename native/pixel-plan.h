/*
 * All that is needed to turn frames of one layout into the input of one model: scaling, colour
 * conversion and quantisation. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_PIXEL_PLAN_H
#define LOOKOUT_PIXEL_PLAN_H

#include "resample.h"

/* Largest width and height, of frames and of inputs: JPEG has no larger ones either. */
#define MAX_SIDE_PX 65535
/* Largest distance from one row to the next: four bytes for each pixel. */
#define MAX_STRIDE_BYTES (MAX_SIDE_PX * 4)

#define INPUT_CHANNELS 3
#define PIXEL_VALUES 256

/* What Y, U and V mean, see COLOUR_SPACES. */
enum colours { JPEG, BT601, BT709, COLOUR_SPACE_COUNT };

/* What the frames and the input look like. The picture lies inside the input. */
struct geometry {
  bool planar; /* yuv420p, else rgb24 */
  enum colours colours; /* planar only */
  struct size frame;
  size_t stride_bytes;
  size_t chroma_stride_bytes; /* planar only */
  struct size input;
  struct size picture;
  size_t x, y; /* of the picture inside the input */
  uint8_t bar; /* pixel value beside the picture */
};

/* How YUV becomes RGB. Factors are in 1/65536. */
struct colour_terms {
  int16_t black; /* luma of black */
  int16_t gain;  /* what luma is to be stretched by, beyond 1, in 1/256 */
  int32_t red_of_v, green_of_u, green_of_v, blue_of_u;
};

struct pixel_plan {
  struct geometry geometry;
  struct colour_terms terms;
  size_t frame_bytes;
  size_t target_length;
  struct resampler luma; /* or all three channels of rgb24 */
  struct resampler chroma;
  int16_t *colour;     /* what the colour of a row adds to R, G and B: three rows of it */
  uint8_t *rgb;        /* one row of the picture */
  uint32_t words[PIXEL_VALUES]; /* what the input stores for each pixel value: its 1 or 4 bytes */
  size_t word_bytes;
  bool is_shifted;     /* words are bytes that count up from the first, and wrap around */
};

/* Makes a plan, or gives NULL when there is no memory. `values` are PIXEL_VALUES elements of
 * `word_bytes` (1 or 4). The geometry has to be valid. */
struct pixel_plan *pixel_plan_create(const struct geometry *geometry, const void *values,
                                     size_t word_bytes);

void pixel_plan_free(struct pixel_plan *plan);

/* Memory of the plan in bytes. */
size_t pixel_plan_bytes(const struct pixel_plan *plan);

/* Writes a frame of at least `frame_bytes` into `target_length` elements (NHWC, RGB). */
void pixel_plan_run(struct pixel_plan *plan, const uint8_t *frame, void *target);

#endif

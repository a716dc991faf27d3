#include "pixel-plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weight of red and blue in luma, and where luma begins: JFIF, ITU-R BT.601-7, ITU-R BT.709-6. */
static const struct {
  double red, blue;
  int16_t black;
} COLOUR_SPACES[COLOUR_SPACE_COUNT] = {
    [JPEG] = {0.299, 0.114, 0},
    [BT601] = {0.299, 0.114, 16},
    [BT709] = {0.2126, 0.0722, 16},
};

/* Those that begin at 16 use 219 steps of luma and 224 of chroma, the others all 255. */
static struct colour_terms terms_of(enum colours colours) {
  double red = COLOUR_SPACES[colours].red, blue = COLOUR_SPACES[colours].blue;
  double green = 1 - red - blue;
  int16_t black = COLOUR_SPACES[colours].black;
  double one = 65536.0 * 255 / (black ? 224 : 255);
  return (struct colour_terms){
      .black = black,
      .gain = black ? (int16_t)lround(256 * (255.0 / 219 - 1)) : 0,
      .red_of_v = (int32_t)lround(one * 2 * (1 - red)),
      .green_of_u = (int32_t)lround(one * 2 * (1 - blue) * blue / green),
      .green_of_v = (int32_t)lround(one * 2 * (1 - red) * red / green),
      .blue_of_u = (int32_t)lround(one * 2 * (1 - blue)),
  };
}

static size_t half(size_t length) {
  return (length + 1) / 2;
}

static struct size half_size(struct size size) {
  return (struct size){half(size.width), half(size.height)};
}

static size_t last_of(size_t index, size_t length) {
  return index < length ? index : length - 1;
}

/* Keeps what the input stores for each pixel value, as the words that are written. */
static void take_values(struct pixel_plan *plan, const void *values, size_t word_bytes) {
  plan->word_bytes = word_bytes;
  plan->is_shifted = word_bytes == 1;
  for (size_t i = 0; i < PIXEL_VALUES; i++) {
    if (word_bytes == 1) {
      plan->words[i] = ((const uint8_t *)values)[i];
      plan->is_shifted = plan->is_shifted && plan->words[i] == (uint8_t)(plan->words[0] + i);
    } else {
      memcpy(&plan->words[i], (const uint8_t *)values + i * 4, 4);
    }
  }
}

struct pixel_plan *pixel_plan_create(const struct geometry *geometry, const void *values,
                                     size_t word_bytes) {
  struct pixel_plan *plan = calloc(1, sizeof *plan);
  if (!plan) {
    return NULL;
  }
  const struct geometry *g = &plan->geometry;
  plan->geometry = *geometry;
  plan->terms = terms_of(g->colours);
  plan->frame_bytes = g->stride_bytes * g->frame.height;
  if (g->planar) {
    plan->frame_bytes += 2 * g->chroma_stride_bytes * half(g->frame.height);
  }
  plan->target_length = g->input.width * g->input.height * INPUT_CHANNELS;
  take_values(plan, values, word_bytes);
  size_t row_length = g->picture.width * INPUT_CHANNELS;
  plan->rgb = calloc(row_length, sizeof *plan->rgb);
  /* One more for each row of them, as colour comes for two pixels at a time. */
  plan->colour = calloc(row_length + INPUT_CHANNELS, sizeof *plan->colour);
  bool ok = plan->rgb && plan->colour &&
            resampler_init(&plan->luma, g->frame, g->picture, g->planar ? 1 : INPUT_CHANNELS);
  if (ok && g->planar) {
    ok = resampler_init(&plan->chroma, half_size(g->frame), half_size(g->picture), 1);
  }
  if (!ok) {
    pixel_plan_free(plan);
    return NULL;
  }
  return plan;
}

void pixel_plan_free(struct pixel_plan *plan) {
  resampler_free(&plan->luma);
  resampler_free(&plan->chroma);
  free(plan->colour);
  free(plan->rgb);
  free(plan);
}

size_t pixel_plan_bytes(const struct pixel_plan *plan) {
  size_t row_length = plan->geometry.picture.width * INPUT_CHANNELS;
  return sizeof *plan + plan->luma.size_bytes + plan->chroma.size_bytes + row_length * 3;
}

/* Fills a part of the target with one pixel value. */
static void fill(const struct pixel_plan *plan, uint8_t *to, size_t pixels, uint8_t value) {
  size_t length = pixels * INPUT_CHANNELS;
  if (plan->word_bytes == 1) {
    memset(to, (int)plan->words[value], length);
    return;
  }
  for (size_t i = 0; i < length; i++) {
    memcpy(to + i * 4, &plan->words[value], 4);
  }
}

/* Writes a row of pixel values as the input stores them. */
static void store(const struct pixel_plan *plan, uint8_t *restrict to,
                  const uint8_t *restrict values, size_t length) {
  const uint32_t *words = plan->words;
  if (plan->is_shifted) {
    const uint8_t shift = (uint8_t)words[0];
    for (size_t i = 0; i < length; i++) {
      to[i] = (uint8_t)(values[i] + shift);
    }
  } else if (plan->word_bytes == 1) {
    for (size_t i = 0; i < length; i++) {
      to[i] = (uint8_t)words[values[i]];
    }
  } else {
    for (size_t i = 0; i < length; i++) {
      memcpy(to + i * 4, &words[values[i]], 4);
    }
  }
}

static void draw_bars(const struct pixel_plan *plan, uint8_t *target) {
  const struct geometry *g = &plan->geometry;
  size_t pixel_bytes = INPUT_CHANNELS * plan->word_bytes;
  size_t row_bytes = g->input.width * pixel_bytes;
  size_t right = g->x + g->picture.width;
  size_t bottom = g->y + g->picture.height;
  fill(plan, target, g->y * g->input.width, g->bar);
  for (size_t y = g->y; y < bottom; y++) {
    uint8_t *row = target + y * row_bytes;
    fill(plan, row, g->x, g->bar);
    fill(plan, row + right * pixel_bytes, g->input.width - right, g->bar);
  }
  fill(plan, target + bottom * row_bytes, (g->input.height - bottom) * g->input.width, g->bar);
}

/*
 * What a row of chroma adds to the luma of R, G and B, for two pixels each. Colour is kept at half
 * the input's size in both directions, as the camera delivers it too: detectors see no difference,
 * and it is most of the work.
 */
static void spread_colour(const struct pixel_plan *plan, const uint8_t *restrict us,
                          const uint8_t *restrict vs) {
  const struct colour_terms terms = plan->terms;
  size_t pairs = half(plan->geometry.picture.width);
  int16_t *restrict r = plan->colour;
  int16_t *restrict g = r + 2 * pairs;
  int16_t *restrict b = g + 2 * pairs;
  for (size_t i = 0; i < pairs; i++) {
    int32_t u = us[i] - 128;
    int32_t v = vs[i] - 128;
    r[2 * i] = r[2 * i + 1] = (int16_t)((terms.red_of_v * v + 32768) >> 16);
    g[2 * i] = g[2 * i + 1] =
        (int16_t)-((terms.green_of_u * u + terms.green_of_v * v + 32768) >> 16);
    b[2 * i] = b[2 * i + 1] = (int16_t)((terms.blue_of_u * u + 32768) >> 16);
  }
}

static uint8_t clamped(int16_t value) {
  return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Adds the colour to a row of luma. In 16 bits, which hold 239 times the gain. */
static void add_colour(const struct pixel_plan *plan, const uint8_t *restrict luma) {
  const int16_t black = plan->terms.black, gain = plan->terms.gain;
  size_t width = plan->geometry.picture.width;
  const int16_t *restrict r = plan->colour;
  const int16_t *restrict g = r + 2 * half(width);
  const int16_t *restrict b = g + 2 * half(width);
  uint8_t *restrict rgb = plan->rgb;
  for (size_t i = 0; i < width; i++) {
    int16_t above = (int16_t)(luma[i] - black);
    int16_t y = (int16_t)(above + ((int16_t)(above * gain + 128) >> 8));
    rgb[3 * i] = clamped((int16_t)(y + r[i]));
    rgb[3 * i + 1] = clamped((int16_t)(y + g[i]));
    rgb[3 * i + 2] = clamped((int16_t)(y + b[i]));
  }
}

/* Scales LANES rows of the picture, past its end the last one again. */
static void scale_luma(struct pixel_plan *plan, const uint8_t *frame, size_t y) {
  struct lane lanes[LANES];
  for (size_t i = 0; i < LANES; i++) {
    size_t row = last_of(y + i, plan->geometry.picture.height);
    lanes[i] = (struct lane){frame, plan->geometry.stride_bytes, row};
  }
  resampler_run(&plan->luma, lanes);
}

/* Scales the chroma of the same rows: half as many, so U and V share the lanes. */
static void scale_chroma(struct pixel_plan *plan, const uint8_t *frame, size_t y) {
  const struct geometry *g = &plan->geometry;
  const uint8_t *u = frame + g->stride_bytes * g->frame.height;
  const uint8_t *v = u + g->chroma_stride_bytes * half(g->frame.height);
  struct lane lanes[LANES];
  for (size_t i = 0; i < LANES / 2; i++) {
    size_t row = last_of(y / 2 + i, half(g->picture.height));
    lanes[i] = (struct lane){u, g->chroma_stride_bytes, row};
    lanes[LANES / 2 + i] = (struct lane){v, g->chroma_stride_bytes, row};
  }
  resampler_run(&plan->chroma, lanes);
}

/* The finished row of one lane. */
static const uint8_t *rgb_row(const struct pixel_plan *plan, size_t lane) {
  const uint8_t *luma = resampler_row(&plan->luma, lane);
  if (!plan->geometry.planar) {
    return luma;
  }
  if (lane % 2 == 0) {
    spread_colour(plan, resampler_row(&plan->chroma, lane / 2),
                  resampler_row(&plan->chroma, LANES / 2 + lane / 2));
  }
  add_colour(plan, luma);
  return plan->rgb;
}

FOR_THIS_PROCESSOR
void pixel_plan_run(struct pixel_plan *plan, const uint8_t *frame, void *target) {
  const struct geometry *g = &plan->geometry;
  draw_bars(plan, target);
  for (size_t y = 0; y < g->picture.height; y += LANES) {
    scale_luma(plan, frame, y);
    if (g->planar) {
      scale_chroma(plan, frame, y);
    }
    for (size_t lane = 0; lane < LANES && y + lane < g->picture.height; lane++) {
      size_t at = ((g->y + y + lane) * g->input.width + g->x) * INPUT_CHANNELS;
      store(plan, (uint8_t *)target + at * plan->word_bytes, rgb_row(plan, lane),
            g->picture.width * INPUT_CHANNELS);
    }
  }
}

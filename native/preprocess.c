/*
 * Pixels of a frame to the input tensor of a model: the loops that JavaScript is too slow for.
 * Has no state of its own, so it may be loaded in any number of threads.
 *
 *   createPlan(geometry: object, values: Uint8Array | Int8Array | Float32Array): run
 *   run(frame: Uint8Array, target): void
 *
 * `geometry` has the numbers that `read_geometry` reads. `values` are the 256 elements that the
 * input stores for the pixel values. `target` has the type of `values` and width · height · 3
 * elements. Both functions throw a TypeError or a RangeError for anything else, before they touch
 * a byte. The plan is freed with the function `run`.
 */
#define NAPI_VERSION 8
#include <math.h>
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>

#include "elements.h"
#include "pixel-plan.h"

/* What the JavaScript function `run` stands on. */
struct job {
  struct pixel_plan *plan;
  napi_typedarray_type type;
};

/* Throws unless another error waits already, as one of a property's getter. */
static void throw_range(napi_env env, const char *message) {
  bool is_pending = true;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", message);
  }
}

/* Reads a whole number from an object; throws and gives false if it is not in its range. */
static bool read_number(napi_env env, napi_value object, const char *name, size_t range[2],
                        size_t *result) {
  napi_value property;
  double number = NAN;
  if (napi_get_named_property(env, object, name, &property) == napi_ok) {
    napi_get_value_double(env, property, &number);
  }
  /* Written so that NaN fails; within the range the conversion is defined. */
  bool is_inside = number >= (double)range[0] && number <= (double)range[1];
  if (is_inside && (double)(size_t)number == number) {
    *result = (size_t)number;
    return true;
  }
  char message[160];
  snprintf(message, sizeof message,
           "Cannot plan the pixels: %s is %g, expected a whole number from %zu to %zu", name,
           number, range[0], range[1]);
  throw_range(env, message);
  return false;
}

#define READ(name, from, to, result) \
  read_number(env, object, name, (size_t[]){from, to}, result)

/* Later numbers are bounded by earlier ones, so that a row fits its stride and the picture lies
 * inside the input. As in a frame's layout, only planar frames have a chroma stride. */
static bool read_geometry(napi_env env, napi_value object, struct geometry *g) {
  size_t chroma, colours, bar;
  if (!READ("widthPx", 1, MAX_SIDE_PX, &g->frame.width) ||
      !READ("heightPx", 1, MAX_SIDE_PX, &g->frame.height) ||
      !READ("chromaStrideBytes", 0, MAX_STRIDE_BYTES, &chroma)) {
    return false;
  }
  size_t width = g->frame.width;
  g->planar = chroma > 0;
  g->chroma_stride_bytes = chroma;
  if (!READ("chromaStrideBytes", g->planar ? (width + 1) / 2 : 0, chroma, &chroma) ||
      !READ("strideBytes", g->planar ? width : width * 3, MAX_STRIDE_BYTES, &g->stride_bytes) ||
      !READ("inputWidthPx", 1, MAX_SIDE_PX, &g->input.width) ||
      !READ("inputHeightPx", 1, MAX_SIDE_PX, &g->input.height) ||
      !READ("pictureWidthPx", 1, g->input.width, &g->picture.width) ||
      !READ("pictureHeightPx", 1, g->input.height, &g->picture.height) ||
      !READ("xPx", 0, g->input.width - g->picture.width, &g->x) ||
      !READ("yPx", 0, g->input.height - g->picture.height, &g->y) ||
      !READ("colours", 0, COLOUR_SPACE_COUNT - 1, &colours) ||
      !READ("barValue", 0, UINT8_MAX, &bar)) {
    return false;
  }
  g->colours = (enum colours)colours;
  g->bar = (uint8_t)bar;
  return true;
}

/* Bytes of one element of the types that inputs have, 0 for others. */
static size_t word_bytes_of(napi_typedarray_type type) {
  switch (type) {
    case napi_uint8_array:
    case napi_int8_array:
      return 1;
    case napi_float32_array:
      return 4;
    default:
      return 0;
  }
}

static void throw_short(napi_env env, const char *what, size_t actual, size_t expected) {
  char message[160];
  snprintf(message, sizeof message, "Cannot %s %zu bytes, expected %zu", what, actual, expected);
  throw_range(env, message);
}

static napi_value run(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  void *data = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, &data);
  const struct job *job = data;
  struct pixel_plan *plan = job->plan;
  struct elements frame, target;
  if (!read_elements(env, arguments[0], &frame) || frame.type != napi_uint8_array ||
      !read_elements(env, arguments[1], &target) || target.type != job->type) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "run() takes a frame as Uint8Array and a target of the input's type");
    return NULL;
  }
  size_t word_bytes = plan->word_bytes;
  if (frame.length < plan->frame_bytes) {
    throw_short(env, "read a frame: it has", frame.length, plan->frame_bytes);
  } else if (target.length != plan->target_length) {
    throw_short(env, "write the input: it has", target.length * word_bytes,
                plan->target_length * word_bytes);
  } else {
    pixel_plan_run(plan, frame.data, target.data);
  }
  return NULL;
}

static void finalize_job(napi_env env, void *data, void *hint) {
  (void)hint;
  struct job *job = data;
  int64_t total;
  napi_adjust_external_memory(env, -(int64_t)pixel_plan_bytes(job->plan), &total);
  pixel_plan_free(job->plan);
  free(job);
}

/* The function `run` of a plan, whose owner it becomes; NULL if that fails. */
static napi_value make_run(napi_env env, struct pixel_plan *plan, napi_typedarray_type type) {
  struct job *job = malloc(sizeof *job);
  napi_value function;
  if (job) {
    *job = (struct job){plan, type};
  }
  if (!job || napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, job, &function) != napi_ok ||
      napi_add_finalizer(env, function, job, finalize_job, NULL, NULL) != napi_ok) {
    pixel_plan_free(plan);
    free(job);
    return NULL;
  }
  int64_t total;
  napi_adjust_external_memory(env, (int64_t)pixel_plan_bytes(plan), &total);
  return function;
}

static napi_value create_plan(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  struct geometry geometry = {0};
  if (!read_geometry(env, arguments[0], &geometry)) {
    return NULL;
  }
  /* Read last: a property's getter could have taken the memory away. */
  struct elements values;
  if (!read_elements(env, arguments[1], &values) || word_bytes_of(values.type) == 0 ||
      values.length != PIXEL_VALUES) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "createPlan() takes 256 values as Uint8Array, Int8Array or Float32Array");
    return NULL;
  }
  struct pixel_plan *plan =
      pixel_plan_create(&geometry, values.data, word_bytes_of(values.type));
  napi_value function = plan ? make_run(env, plan, values.type) : NULL;
  if (!function) {
    throw_range(env, "Cannot plan the pixels: out of memory");
  }
  return function;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_status status =
      napi_create_function(env, "createPlan", NAPI_AUTO_LENGTH, create_plan, NULL, &function);
  if (status == napi_ok) {
    napi_set_named_property(env, exports, "createPlan", function);
  }
  return exports;
}

/*
 * The brightness of a picture as a coarse grid. Stateless, so it may be loaded in any number of
 * threads.
 *
 *   read(data: Uint8Array, rowBytes: Int32Array, columnBytes: Int32Array, cells: Float32Array): void
 *
 * Each cell becomes the mean of 4 by 4 samples: of row r and column c of samples the byte at
 * rowBytes[r] + columnBytes[c]. Throws a TypeError for other arguments, and a RangeError where
 * lengths do not fit or a sample lies outside the data, before it writes anything.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elements.h"

#define SAMPLES_A_SIDE 4

static bool is_of(napi_env env, napi_value value, napi_typedarray_type type,
                  struct elements *result) {
  return read_elements(env, value, result) && result->type == type;
}

/* The greatest offset, or -1 where one is negative or there is none. */
static int64_t greatest(const struct elements *offsets) {
  const int32_t *values = offsets->data;
  int64_t most = -1;
  for (size_t i = 0; i < offsets->length; i++) {
    if (values[i] < 0) {
      return -1;
    }
    most = values[i] > most ? values[i] : most;
  }
  return most;
}

static bool fits(const struct elements *data, const struct elements *rows,
                 const struct elements *columns, const struct elements *cells) {
  int64_t row = greatest(rows), column = greatest(columns);
  return row >= 0 && column >= 0 && (uint64_t)(row + column) < data->length &&
         rows->length % SAMPLES_A_SIDE == 0 && columns->length % SAMPLES_A_SIDE == 0 &&
         cells->length == rows->length / SAMPLES_A_SIDE * (columns->length / SAMPLES_A_SIDE);
}

static void read_cells(const uint8_t *data, const int32_t *rows, size_t cell_rows,
                       const int32_t *columns, size_t cell_columns, float *cells) {
  for (size_t y = 0; y < cell_rows; y++, rows += SAMPLES_A_SIDE) {
    const int32_t *at = columns;
    for (size_t x = 0; x < cell_columns; x++, at += SAMPLES_A_SIDE) {
      uint32_t sum = 0;
      for (size_t i = 0; i < SAMPLES_A_SIDE; i++) {
        const uint8_t *row = data + rows[i];
        sum += (uint32_t)row[at[0]] + row[at[1]] + row[at[2]] + row[at[3]];
      }
      *cells++ = (float)sum / (SAMPLES_A_SIDE * SAMPLES_A_SIDE);
    }
  }
}

static napi_value read_luma(napi_env env, napi_callback_info info) {
  size_t count = 4;
  napi_value arguments[4];
  struct elements data, rows, columns, cells;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (!is_of(env, arguments[0], napi_uint8_array, &data) ||
      !is_of(env, arguments[1], napi_int32_array, &rows) ||
      !is_of(env, arguments[2], napi_int32_array, &columns) ||
      !is_of(env, arguments[3], napi_float32_array, &cells)) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "read() takes Uint8Array, Int32Array, Int32Array and Float32Array");
  } else if (!fits(&data, &rows, &columns, &cells)) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE",
                           "Cannot read the brightness: samples or cells do not fit the data");
  } else {
    read_cells(data.data, rows.data, rows.length / SAMPLES_A_SIDE, columns.data,
               columns.length / SAMPLES_A_SIDE, cells.data);
  }
  return NULL;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_status status =
      napi_create_function(env, "read", NAPI_AUTO_LENGTH, read_luma, NULL, &function);
  if (status == napi_ok) {
    napi_set_named_property(env, exports, "read", function);
  }
  return exports;
}

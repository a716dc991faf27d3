#include "picture-scaler.h"

#include <stdlib.h>

#define SWS_BILINEAR 2
/* The library writes whole vectors: rows have room for the widest one at their end. */
#define VECTOR_BYTES 64

static size_t rounded_up(int width) {
  return ((size_t)width + VECTOR_BYTES - 1) / VECTOR_BYTES * VECTOR_BYTES;
}

int picture_scaler_open(PictureScaler *scaler, const Libav *libav, int width, int height) {
  void *library = libav_library("libswscale", libav->layout->scale_major);
  if (library == NULL ||
      !LIBAV_BIND(scaler->get_cached_context, library, "sws_getCachedContext") ||
      !LIBAV_BIND(scaler->scale, library, "sws_scale")) {
    return -1;
  }
  size_t luma_stride = rounded_up(width);
  size_t chroma_stride = rounded_up(width / 2);
  size_t luma_bytes = luma_stride * (size_t)height;
  size_t chroma_bytes = chroma_stride * (size_t)(height / 2);
  uint8_t *planes = aligned_alloc(VECTOR_BYTES, luma_bytes + 2 * chroma_bytes + VECTOR_BYTES);
  if (planes == NULL) {
    return -1;
  }
  scaler->scaled = (AVFrame){
      .data = {planes, planes + luma_bytes, planes + luma_bytes + chroma_bytes},
      .stride_bytes = {(int)luma_stride, (int)chroma_stride, (int)chroma_stride},
      .width = width,
      .height = height,
      .format = LIBAV_YUV420P,
  };
  return 0;
}

const AVFrame *picture_scaler_run(PictureScaler *scaler, const AVFrame *picture) {
  AVFrame *scaled = &scaler->scaled;
  scaler->context = scaler->get_cached_context(
      scaler->context, picture->width, picture->height, picture->format, scaled->width,
      scaled->height, scaled->format, SWS_BILINEAR, NULL, NULL, NULL);
  if (scaler->context == NULL) {
    return NULL;
  }
  int rows = scaler->scale(scaler->context, (const uint8_t *const *)picture->data,
                           picture->stride_bytes, 0, picture->height, scaled->data,
                           scaled->stride_bytes);
  return rows == scaled->height ? scaled : NULL;
}

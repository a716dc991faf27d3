#include "libav.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Of FFmpeg 7 (Debian 13) and FFmpeg 5 (Debian 12). The newest first: what is left of an older release
   may miss its own dependencies. */
static const LibavLayout LAYOUTS[] = {
    {.major = 61, .scale_major = 8, .parameters_at = 16, .time_base_at = 32},
    {.major = 59, .scale_major = 6, .parameters_at = 208, .time_base_at = 16},
};
/* Of an AVFormatContext, in both. */
#define STREAM_COUNT_AT 44
#define STREAMS_AT 48
/* libavutil counts on its own. */
#define UTIL_BEHIND 2

void *libav_library(const char *name, int major) {
  char file[32];
  snprintf(file, sizeof file, "%s.so.%d", name, major);
  return dlopen(file, RTLD_NOW | RTLD_GLOBAL);
}

int libav_bind(void *function, size_t size, void *library, const char *name) {
  /* C has no cast from an object's address to a function's. */
  void *address = dlsym(library, name);
  memcpy(function, &address, size);
  return address != NULL;
}

#define BIND(field, from) LIBAV_BIND(libav->field, from, "av" #field)
#define BIND_(field, from) LIBAV_BIND(libav->field, from, "av_" #field)

int libav_open(Libav *libav) {
  /* Offsets are those of 64 bits. */
  if (sizeof(void *) != 8) {
    return -1;
  }
  void *format = NULL;
  for (size_t i = 0; format == NULL && i < sizeof LAYOUTS / sizeof *LAYOUTS; i++) {
    libav->layout = &LAYOUTS[i];
    format = libav_library("libavformat", LAYOUTS[i].major);
  }
  if (format == NULL) {
    return -1;
  }
  void *codec = libav_library("libavcodec", libav->layout->major);
  void *util = libav_library("libavutil", libav->layout->major - UTIL_BEHIND);
  if (codec == NULL || util == NULL) {
    return -1;
  }
  int is_whole = BIND(format_open_input, format) && BIND(format_find_stream_info, format) &&
                 BIND_(find_best_stream, format) && BIND_(read_frame, format) &&
                 BIND(codec_alloc_context3, codec) && BIND(codec_parameters_to_context, codec) &&
                 BIND(codec_open2, codec) && BIND(codec_send_packet, codec) &&
                 BIND(codec_receive_frame, codec) && BIND_(packet_alloc, codec) &&
                 BIND_(packet_unref, codec) && BIND_(frame_alloc, util) &&
                 BIND_(frame_unref, util) && BIND_(dict_set, util) && BIND_(log_set_level, util);
  return is_whole ? 0 : -1;
}

int libav_streams(const AVFormatContext *input) {
  unsigned streams;
  memcpy(&streams, (const char *)input + STREAM_COUNT_AT, sizeof streams);
  return (int)streams;
}

AVStream *libav_stream(const AVFormatContext *input, int index) {
  AVStream **streams;
  memcpy(&streams, (const char *)input + STREAMS_AT, sizeof streams);
  return streams[index];
}

AVRational libav_time_base(const Libav *libav, const AVStream *stream) {
  AVRational time_base;
  memcpy(&time_base, (const char *)stream + libav->layout->time_base_at, sizeof time_base);
  return time_base;
}

const AVCodecParameters *libav_parameters(const Libav *libav, const AVStream *stream) {
  const AVCodecParameters *parameters;
  memcpy(&parameters, (const char *)stream + libav->layout->parameters_at, sizeof parameters);
  return parameters;
}

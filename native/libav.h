/*
 * The few functions and fields of FFmpeg's libraries that decoding a video needs, bound at run
 * time: nobody has to have their headers, and one build serves every release that is known.
 *
 * Fields are read at fixed offsets, which never change within a major version: those of the headers
 * of libavformat 59 and 61 (FFmpeg 5 and 7). Other versions are refused.
 */
#ifndef LOOKOUT_LIBAV_H
#define LOOKOUT_LIBAV_H

#include <stddef.h>
#include <stdint.h>

#define LIBAV_VIDEO 0              /* AVMEDIA_TYPE_VIDEO */
#define LIBAV_YUV420P 0            /* AV_PIX_FMT_YUV420P: 8 bits, limited range */
#define LIBAV_NO_TIME INT64_MIN    /* AV_NOPTS_VALUE */

typedef struct AVFormatContext AVFormatContext;
typedef struct AVCodecContext AVCodecContext;
typedef struct AVCodecParameters AVCodecParameters;
typedef struct AVCodec AVCodec;
typedef struct AVDictionary AVDictionary;
typedef struct AVStream AVStream;

typedef struct {
  int numerator, denominator;
} AVRational;

/* The beginning of an AVPacket. */
typedef struct {
  void *buffer;
  int64_t pts, dts;
  uint8_t *data;
  int size, stream_index;
} AVPacket;

/* The beginning of an AVFrame; what stands in place of `other` differs. */
typedef struct {
  uint8_t *data[8];
  int stride_bytes[8];
  uint8_t **extended_data;
  int width, height, samples, format;
  int other[4];
  int64_t pts;
} AVFrame;

/* Where the fields of an AVStream are, in bytes, with a version of libavformat. */
typedef struct {
  int major;
  /* Of libswscale, which counts on its own. */
  int scale_major;
  size_t parameters_at, time_base_at;
} LibavLayout;

/* The functions, by their own names without `av`. */
typedef struct {
  const LibavLayout *layout;

  int (*format_open_input)(AVFormatContext **, const char *, const void *, AVDictionary **);
  int (*format_find_stream_info)(AVFormatContext *, AVDictionary **);
  int (*find_best_stream)(AVFormatContext *, int, int, int, const AVCodec **, int);
  int (*read_frame)(AVFormatContext *, AVPacket *);

  AVCodecContext *(*codec_alloc_context3)(const AVCodec *);
  int (*codec_parameters_to_context)(AVCodecContext *, const AVCodecParameters *);
  int (*codec_open2)(AVCodecContext *, const AVCodec *, AVDictionary **);
  int (*codec_send_packet)(AVCodecContext *, const AVPacket *);
  int (*codec_receive_frame)(AVCodecContext *, AVFrame *);
  AVPacket *(*packet_alloc)(void);
  void (*packet_unref)(AVPacket *);

  AVFrame *(*frame_alloc)(void);
  void (*frame_unref)(AVFrame *);
  int (*dict_set)(AVDictionary **, const char *, const char *, int);
  void (*log_set_level)(int);
} Libav;

/* Finds the libraries; gives 0, or -1 where there are none that are known. They stay loaded. */
int libav_open(Libav *libav);

/* One more of the libraries, or NULL. */
void *libav_library(const char *name, int major);

/* Binds a function of a library to a pointer to it; gives 0 where it has none of that name. */
#define LIBAV_BIND(function, library, name) \
  libav_bind(&(function), sizeof(function), library, name)
int libav_bind(void *function, size_t size, void *library, const char *name);

/* How many streams an input has that is open, and one of them. */
int libav_streams(const AVFormatContext *input);
AVStream *libav_stream(const AVFormatContext *input, int index);
AVRational libav_time_base(const Libav *libav, const AVStream *stream);
const AVCodecParameters *libav_parameters(const Libav *libav, const AVStream *stream);

#endif

/*
 * Decodes a video file to raw pictures on its standard output: planar YUV 4:2:0 of 8 bits, rows
 * without padding, at a constant rate. It does with FFmpeg's libraries what its program does, and
 * takes less memory, as it loads nothing for filters, devices and screens.
 *
 *   decode-video WIDTH HEIGHT FPS FILE PROGRAM [ARGUMENT...]
 *
 * Pictures of another size are scaled. Where it cannot begin (libraries that are not known, a file
 * that is none, pictures of another kind) the other program takes its place and has the say. Ends
 * with 0 at the end of the video, and with 1 and a line on standard error where a later picture is
 * of another kind.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file-pages.h"
#include "libav.h"
#include "page-pipe.h"
#include "picture-scaler.h"

#define LOG_ERRORS 16 /* AV_LOG_ERROR */
/* A longer gap, or a step back, is a clock that was set, not time in which nothing was filmed. */
#define MAX_GAP_S 10.0

typedef struct {
  int width, height;
  double fps;
  const char *file;
} Wanted;

typedef struct {
  Libav libav;
  AVFormatContext *input;
  AVCodecContext *decoder;
  AVPacket *packet;
  AVFrame *picture;
  PictureScaler scaler;
  int stream, is_drained;
  double tick_s;
} Video;

/* The number of the next picture to be sent; in ticks, the time of number 0 and of the last picture. */
typedef struct {
  int64_t next, origin, last;
  int is_set;
} Clock;

/* The stream that ffmpeg calls "0:v:0", or -1; which one is best is a guess by size. */
static int first_video(const Video *video, const AVCodec **codec) {
  int streams = libav_streams(video->input);
  for (int i = 0; i < streams; i++) {
    int found = video->libav.find_best_stream(video->input, LIBAV_VIDEO, i, -1, codec, 0);
    if (found >= 0 && *codec != NULL) {
      return found;
    }
  }
  return -1;
}

static int open_video(Video *video, const char *file) {
  Libav *av = &video->libav;
  const AVCodec *codec = NULL;
  AVDictionary *options = NULL;
  if (libav_open(av) != 0) {
    return -1;
  }
  av->log_set_level(LOG_ERRORS);
  if (av->format_open_input(&video->input, file, NULL, NULL) < 0 ||
      av->format_find_stream_info(video->input, NULL) < 0) {
    return -1;
  }
  video->stream = first_video(video, &codec);
  if (video->stream < 0) {
    return -1;
  }
  const AVStream *stream = libav_stream(video->input, video->stream);
  AVRational time_base = libav_time_base(av, stream);
  video->tick_s = (double)time_base.numerator / time_base.denominator;
  video->decoder = av->codec_alloc_context3(codec);
  video->packet = av->packet_alloc();
  video->picture = av->frame_alloc();
  if (video->decoder == NULL || video->packet == NULL || video->picture == NULL) {
    return -1;
  }
  /* Decoding on all cores would take them from the detector, which needs them more. */
  av->dict_set(&options, "threads", "1", 0);
  if (av->codec_parameters_to_context(video->decoder, libav_parameters(av, stream)) < 0) {
    return -1;
  }
  return av->codec_open2(video->decoder, codec, &options) < 0 ? -1 : 0;
}

/* Gives 1 with the next picture, 0 at the end. What cannot be decoded is passed over. */
static int next_picture(Video *video) {
  Libav *av = &video->libav;
  while (av->codec_receive_frame(video->decoder, video->picture) < 0) {
    if (video->is_drained) {
      return 0;
    }
    if (av->read_frame(video->input, video->packet) < 0) {
      video->is_drained = 1;
      av->codec_send_packet(video->decoder, NULL);
      continue;
    }
    if (video->packet->stream_index == video->stream) {
      av->codec_send_packet(video->decoder, video->packet);
    }
    av->packet_unref(video->packet);
  }
  return 1;
}

/* The picture that was decoded, in the size that is wanted; NULL where that cannot be had. */
static const AVFrame *fitted(Video *video, const Wanted *wanted) {
  const AVFrame *picture = video->picture;
  PictureScaler *scaler = &video->scaler;
  if (picture->format != LIBAV_YUV420P) {
    return NULL;
  }
  if (picture->width == wanted->width && picture->height == wanted->height) {
    return picture;
  }
  if (scaler->scale == NULL &&
      picture_scaler_open(scaler, &video->libav, wanted->width, wanted->height) != 0) {
    return NULL;
  }
  return picture_scaler_run(scaler, picture);
}

static uint8_t *copy_plane(uint8_t *to, const AVFrame *picture, int plane, int width, int height) {
  const uint8_t *row = picture->data[plane];
  for (int y = 0; y < height; y++, row += picture->stride_bytes[plane], to += width) {
    memcpy(to, row, (size_t)width);
  }
  return to;
}

static void copy_picture(uint8_t *to, const AVFrame *picture) {
  int width = picture->width;
  int height = picture->height;
  to = copy_plane(to, picture, 0, width, height);
  to = copy_plane(to, picture, 1, width / 2, height / 2);
  copy_plane(to, picture, 2, width / 2, height / 2);
}

/* How often a picture is to be sent so that numbers tell the time: not at all where it comes too
 * early, more than once where others are missing. */
static int64_t times_due(Clock *clock, const Video *video, double fps) {
  int64_t pts = video->picture->pts;
  double ticks = 1 / (fps * video->tick_s);
  if (pts == LIBAV_NO_TIME || !isfinite(ticks)) {
    return 1;
  }
  double late = (double)(pts - clock->origin) / ticks - (double)clock->next;
  int is_set_anew = !clock->is_set || pts < clock->last || late > MAX_GAP_S * fps;
  clock->last = pts;
  if (is_set_anew) {
    clock->origin = pts - llround((double)clock->next * ticks);
    clock->is_set = 1;
    return 1;
  }
  /* A file's clock may tick in milliseconds: what is a little early or late is in time. */
  return late < -0.6 ? 0 : 1 + (int64_t)floor(late + 0.4);
}

static int send_all(Video *video, const Wanted *wanted) {
  Clock clock = {0};
  PagePipe output;
  size_t luma_bytes = (size_t)wanted->width * (size_t)wanted->height;
  if (page_pipe_open(&output, STDOUT_FILENO, luma_bytes * 3 / 2) != 0) {
    fprintf(stderr, "no memory for pictures of %dx%d\n", wanted->width, wanted->height);
    return 1;
  }
  do {
    int64_t times = times_due(&clock, video, wanted->fps);
    const AVFrame *picture = times > 0 ? fitted(video, wanted) : NULL;
    if (times > 0 && picture == NULL) {
      picture = video->picture;
      fprintf(stderr, "cannot make %dx%d yuv420p of a picture of %dx%d and format %d\n",
              wanted->width, wanted->height, picture->width, picture->height, picture->format);
      return 1;
    }
    for (; times > 0; times--) {
      copy_picture(page_pipe_block(&output), picture);
      if (page_pipe_send(&output) != 0) {
        return errno == EPIPE ? 0 : 1;
      }
      clock.next++;
    }
    video->libav.frame_unref(video->picture);
  } while (next_picture(video));
  return 0;
}

static int is_even(int length) {
  return length > 0 && length % 2 == 0;
}

int main(int count, char **arguments) {
  Wanted wanted = {0};
  if (count >= 6) {
    wanted = (Wanted){atoi(arguments[1]), atoi(arguments[2]), atof(arguments[3]), arguments[4]};
  }
  if (!is_even(wanted.width) || !is_even(wanted.height) || !(wanted.fps > 0)) {
    fprintf(stderr, "usage: decode-video WIDTH HEIGHT FPS FILE PROGRAM [ARGUMENT...]\n"
                    "       with an even width and height\n");
    return 2;
  }
  Video video = {0};
  if (open_video(&video, wanted.file) == 0 && next_picture(&video) &&
      fitted(&video, &wanted) != NULL) {
    file_pages_drop();
    return send_all(&video, &wanted);
  }
  execvp(arguments[5], arguments + 5);
  fprintf(stderr, "cannot run \"%s\": %s\n", arguments[5], strerror(errno));
  return 127;
}

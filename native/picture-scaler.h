/*
 * Gives pictures another size, as ffmpeg's filter `scale=WIDTH:HEIGHT:flags=bilinear` does and with
 * the same library, libswscale. Its functions are bound by name and need no offsets.
 */
#ifndef LOOKOUT_PICTURE_SCALER_H
#define LOOKOUT_PICTURE_SCALER_H

#include "libav.h"

typedef struct SwsContext SwsContext;

typedef struct {
  /* The fields that tell a size, kind and planes. */
  AVFrame scaled;
  SwsContext *context;
  SwsContext *(*get_cached_context)(SwsContext *, int, int, int, int, int, int, int, void *, void *,
                                    const double *);
  int (*scale)(SwsContext *, const uint8_t *const *, const int *, int, int, uint8_t *const *,
               const int *);
} PictureScaler;

/* Finds the library; pictures are to be of this size. Gives 0, or -1 where there is no such library
   or no memory. */
int picture_scaler_open(PictureScaler *scaler, const Libav *libav, int width, int height);

/* Gives a picture of the same kind that stands until the next call, or NULL where the library
   refuses. */
const AVFrame *picture_scaler_run(PictureScaler *scaler, const AVFrame *picture);

#endif

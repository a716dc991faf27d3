/*
 * Boxes in fractions of a picture, and the anchors that they are encoded against.
 */
#ifndef LOOKOUT_ANCHOR_BOX_H
#define LOOKOUT_ANCHOR_BOX_H

#include <math.h>

/* Centre and size. */
struct anchor {
  float y, x, h, w;
};

struct box {
  float y_min, x_min, y_max, x_max;
};

/* Faster R-CNN's parametrisation (Ren et al. 2015, equation 2): centre, and logarithm of the size,
 * relative to the anchor. */
static inline struct box anchor_box(const struct anchor *anchor, double y, double x, double h,
                                    double w) {
  const float centre_y = (float)(y * anchor->h + anchor->y);
  const float centre_x = (float)(x * anchor->w + anchor->x);
  const float half_h = (float)(0.5 * exp(h) * anchor->h);
  const float half_w = (float)(0.5 * exp(w) * anchor->w);
  return (struct box){centre_y - half_h, centre_x - half_w, centre_y + half_h,
                      centre_x + half_w};
}

static inline float box_area(const struct box *box) {
  return (box->y_max - box->y_min) * (box->x_max - box->x_min);
}

/* Intersection over union; 0 where a box has no area. */
static inline float box_overlap(const struct box *a, const struct box *b) {
  const float area_a = box_area(a), area_b = box_area(b);
  if (area_a <= 0 || area_b <= 0) {
    return 0;
  }
  const float h = fminf(a->y_max, b->y_max) - fmaxf(a->y_min, b->y_min);
  const float w = fminf(a->x_max, b->x_max) - fmaxf(a->x_min, b->x_min);
  const float common = fmaxf(h, 0) * fmaxf(w, 0);
  return common / (area_a + area_b - common);
}

#endif

/*
 * The last operator of an SSD detector, straight from the int8 results of its last layers: decodes
 * box encodings against anchors and suppresses overlaps. It gives what TensorFlow Lite's operator
 * TFLite_Detection_PostProcess gives with "fast" suppression and one class for each detection.
 *
 * That operator takes float32: every score of every class is dequantised, compared and sorted. Here
 * the scores stay codes of a byte, ranked by a table, and only boxes that may be given out are ever
 * decoded. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_DETECTION_HEAD_H
#define LOOKOUT_DETECTION_HEAD_H

#include "litert-api.h"

/* By which name and version a graph asks for it, as src/models/quantize/detection-head.ts writes. */
#define DETECTION_HEAD_NAME "LookoutDetectionHead"
#define DETECTION_HEAD_VERSION 1

struct detection_head; /* belongs to one model */

/* Gives NULL when there is no memory. */
struct detection_head *detection_head_create(void);

void detection_head_destroy(struct detection_head *head);

/* To be registered with the head as its user data. */
extern const struct litert_custom_operator detection_head_operator;

#endif

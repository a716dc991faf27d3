#include "detection-head.h"

#include <stdlib.h>
#include <string.h>

#include "anchor-box.h"

/* As src/models/quantize/head-options.ts writes them, little-endian, without gaps. */
struct options {
  uint32_t anchors, classes; /* rows, and codes in a row */
  uint32_t first_class;      /* the background before it is not looked at */
  uint32_t max_detections;
  float box_scale, box_zero;             /* of an encoding's byte */
  float y_scale, x_scale, h_scale, w_scale; /* by which encodings are divided */
  float max_overlap;                     /* intersection over union */
  float min_score;
  float scores[256]; /* of each code, the byte taken as unsigned after adding 128; never falling */
};
_Static_assert(sizeof(struct options) == 12 * 4 + 256 * 4, "no gaps");

struct detection_head {
  struct options options;
  struct anchor *anchors;
  uint8_t *ranks;       /* of each anchor's best class; work space */
  bool is_fitting;      /* the graph's tensors are those of the options */
  uint8_t rank_of[256]; /* codes of one score share a rank */
  float score_of[256];  /* by rank */
  unsigned rank_count;
  uint8_t least_code; /* whose score is given out; 255 where none is */
};

/* Beyond any detector: the largest has 77 thousand anchors and gives 100 detections. */
#define MAX_ANCHORS (1u << 20)
#define MAX_CLASSES 10000u
#define MAX_DETECTIONS 1000u

enum { OK = 0, INVALID_ARGUMENT = 1, OUT_OF_MEMORY = 2 };
enum { INPUTS = 2, OUTPUTS = 4 };
enum { READ = 0, WRITE = 1 };

struct detection_head *detection_head_create(void) {
  return calloc(1, sizeof(struct detection_head));
}

void detection_head_destroy(struct detection_head *head) {
  if (head) {
    free(head->anchors);
    free(head->ranks);
    free(head);
  }
}

/* Written so that NaN fails. */
static bool are_sensible(const struct options *options) {
  return options->anchors >= 1 && options->anchors <= MAX_ANCHORS && options->classes >= 1 &&
         options->classes <= MAX_CLASSES && options->first_class < options->classes &&
         options->max_detections >= 1 && options->max_detections <= MAX_DETECTIONS &&
         options->y_scale > 0 && options->x_scale > 0 && options->h_scale > 0 &&
         options->w_scale > 0;
}

static void rank_codes(struct detection_head *head) {
  const float *scores = head->options.scores;
  unsigned rank = 0;
  for (unsigned code = 0; code < 256; code++) {
    rank += code > 0 && scores[code] > scores[code - 1];
    head->rank_of[code] = (uint8_t)rank;
    head->score_of[rank] = scores[code];
  }
  head->rank_count = rank + 1;
  head->least_code = 0;
  while (head->least_code < 255 && !(scores[head->least_code] >= head->options.min_score)) {
    head->least_code++;
  }
}

static litert_status init(void *user_data, const void *bytes, size_t size) {
  struct detection_head *head = user_data;
  struct options options;
  if (head->anchors || size < sizeof options) {
    return INVALID_ARGUMENT;
  }
  memcpy(&options, bytes, sizeof options);
  size_t anchor_bytes = options.anchors * sizeof(struct anchor);
  if (!are_sensible(&options) || size != sizeof options + anchor_bytes) {
    return INVALID_ARGUMENT;
  }
  head->options = options;
  head->anchors = malloc(anchor_bytes);
  head->ranks = malloc(options.anchors);
  if (!head->anchors || !head->ranks) {
    return OUT_OF_MEMORY;
  }
  memcpy(head->anchors, (const char *)bytes + sizeof options, anchor_bytes);
  rank_codes(head);
  return OK;
}

static bool has_shape(const struct litert_layout *layout, uint32_t rows, uint32_t columns) {
  return layout->rank == 3 && layout->dimensions[0] == 1 &&
         layout->dimensions[1] == (int32_t)rows && layout->dimensions[2] == (int32_t)columns;
}

static litert_status get_output_layouts(void *user_data, size_t input_count,
                                        const struct litert_layout *inputs, size_t output_count,
                                        struct litert_layout *outputs) {
  struct detection_head *head = user_data;
  const struct options *options = &head->options;
  head->is_fitting = false;
  if (!head->ranks || input_count != INPUTS || output_count != OUTPUTS ||
      !has_shape(&inputs[0], options->anchors, 4) ||
      !has_shape(&inputs[1], options->anchors, options->classes)) {
    return INVALID_ARGUMENT;
  }
  const int32_t detections = (int32_t)options->max_detections;
  outputs[0] = (struct litert_layout){.rank = 3, .dimensions = {1, detections, 4}};
  outputs[1] = (struct litert_layout){.rank = 2, .dimensions = {1, detections}};
  outputs[2] = (struct litert_layout){.rank = 2, .dimensions = {1, detections}};
  outputs[3] = (struct litert_layout){.rank = 1, .dimensions = {1}};
  head->is_fitting = true;
  return OK;
}

/* A signed byte as unsigned, in the same order: there are vector instructions for the greatest of
 * unsigned bytes on every processor. */
static uint8_t code_of(int8_t value) { return (uint8_t)value ^ 0x80; }

static uint8_t greatest(const int8_t *row, size_t count) {
  uint8_t greatest = 0;
  for (size_t i = 0; i < count; i++) {
    uint8_t code = code_of(row[i]);
    greatest = code > greatest ? code : greatest;
  }
  return greatest;
}

/* Where there is one class, most anchors are far below any score that is given out: blocks of them
 * are told by their greatest code, with vector instructions, and need no table. */
enum { BLOCK = 32 };

static inline void rank_codes_of_one_class(struct detection_head *head, const int8_t *codes,
                                           size_t stride) {
  const size_t anchors = head->options.anchors;
  size_t i = 0;
  for (; i + BLOCK <= anchors; i += BLOCK, codes += BLOCK * stride) {
    uint8_t greatest = 0;
    for (size_t j = 0; j < BLOCK; j++) {
      const uint8_t code = code_of(codes[j * stride]);
      greatest = code > greatest ? code : greatest;
    }
    if (greatest < head->least_code) {
      memset(head->ranks + i, 0, BLOCK);
      continue;
    }
    for (size_t j = 0; j < BLOCK; j++) {
      head->ranks[i + j] = head->rank_of[code_of(codes[j * stride])];
    }
  }
  for (; i < anchors; i++, codes += stride) {
    head->ranks[i] = head->rank_of[code_of(*codes)];
  }
}

static void rank_anchors(struct detection_head *head, const int8_t *scores) {
  const struct options *options = &head->options;
  const size_t count = options->classes - options->first_class;
  const int8_t *row = scores + options->first_class;
  if (options->classes == 1) {
    rank_codes_of_one_class(head, row, 1);
  } else if (options->classes == 2 && count == 1) {
    rank_codes_of_one_class(head, row, 2);
  } else {
    for (size_t i = 0; i < options->anchors; i++, row += options->classes) {
      head->ranks[i] = head->rank_of[greatest(row, count)];
    }
  }
}

/* The first class of the anchor's rank. */
static uint32_t class_of(const struct detection_head *head, const int8_t *scores, size_t anchor) {
  const struct options *options = &head->options;
  const int8_t *row = scores + anchor * options->classes + options->first_class;
  uint32_t class = 0;
  while (head->rank_of[code_of(row[class])] != head->ranks[anchor]) {
    class++;
  }
  return class;
}

/* An encoding's byte, dequantised and divided by its scale. */
static double real_of(const struct options *options, int8_t code, float scale) {
  const float real = options->box_scale * ((float)code - options->box_zero);
  return (double)real / scale;
}

static struct box box_of(const struct detection_head *head, const int8_t *encodings, size_t i) {
  const struct options *options = &head->options;
  const int8_t *code = encodings + i * 4;
  return anchor_box(&head->anchors[i], real_of(options, code[0], options->y_scale),
                    real_of(options, code[1], options->x_scale),
                    real_of(options, code[2], options->h_scale),
                    real_of(options, code[3], options->w_scale));
}

static bool is_new(const struct box *box, const struct box *found, uint32_t count, float limit) {
  for (uint32_t i = 0; i < count; i++) {
    if (box_overlap(box, &found[i]) > limit) {
      return false;
    }
  }
  return true;
}

struct results {
  struct box *boxes;
  float *classes, *scores, *count;
};

/* From the best score down, and by index within a score: whoever overlaps too much with one that
 * was found before is left out. */
static void detect(struct detection_head *head, const int8_t *encodings, const int8_t *scores,
                   struct results to) {
  const struct options *options = &head->options;
  const uint8_t *end = head->ranks + options->anchors;
  uint32_t count = 0;
  rank_anchors(head, scores);
  for (unsigned rank = head->rank_count; rank-- > 0 && count < options->max_detections;) {
    if (!(head->score_of[rank] >= options->min_score)) {
      break;
    }
    const uint8_t *at = head->ranks;
    while (count < options->max_detections && (at = memchr(at, (int)rank, (size_t)(end - at)))) {
      const size_t anchor = (size_t)(at++ - head->ranks);
      const struct box box = box_of(head, encodings, anchor);
      if (is_new(&box, to.boxes, count, options->max_overlap)) {
        to.boxes[count] = box;
        to.classes[count] = (float)class_of(head, scores, anchor);
        to.scores[count] = head->score_of[rank];
        count++;
      }
    }
  }
  const size_t rest = options->max_detections - count;
  memset(to.boxes + count, 0, rest * sizeof *to.boxes);
  memset(to.classes + count, 0, rest * sizeof *to.classes);
  memset(to.scores + count, 0, rest * sizeof *to.scores);
  *to.count = (float)count;
}

static litert_status run(void *user_data, size_t input_count, const litert_tensor_buffer *inputs,
                         size_t output_count, litert_tensor_buffer *outputs) {
  struct detection_head *head = user_data;
  litert_tensor_buffer buffers[INPUTS + OUTPUTS];
  void *memory[INPUTS + OUTPUTS];
  litert_status status = OK;
  size_t locked = 0;
  /* The library goes on when the other functions have refused. */
  if (!head->is_fitting || input_count != INPUTS || output_count != OUTPUTS) {
    return INVALID_ARGUMENT;
  }
  memcpy(buffers, inputs, INPUTS * sizeof *buffers);
  memcpy(buffers + INPUTS, outputs, OUTPUTS * sizeof *buffers);
  while (status == OK && locked < INPUTS + OUTPUTS) {
    status = litert.LockTensorBuffer(buffers[locked], &memory[locked],
                                     locked < INPUTS ? READ : WRITE);
    locked += status == OK;
  }
  if (status == OK) {
    detect(head, memory[0], memory[1],
           (struct results){memory[2], memory[3], memory[4], memory[5]});
  }
  while (locked-- > 0) {
    litert.UnlockTensorBuffer(buffers[locked]);
  }
  return status;
}

/* The memory goes with the model, not with its operator. */
static litert_status destroy(void *user_data) {
  (void)user_data;
  return OK;
}

const struct litert_custom_operator detection_head_operator = {
    .init = init, .get_output_layouts = get_output_layouts, .run = run, .destroy = destroy};

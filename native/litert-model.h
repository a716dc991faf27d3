/*
 * A model as LiteRT holds it, and its tensors. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_LITERT_MODEL_H
#define LOOKOUT_LITERT_MODEL_H

#include "detection-head.h"
#include "litert-api.h"

/* What the kernels need of a tensor's memory: where it starts, and what may be read behind it. */
#define TENSOR_ALIGNMENT_BYTES 64
#define TENSOR_PADDING_BYTES 128

struct tensor {
  const char *name; /* the library's own */
  struct litert_tensor_type type;
  size_t length; /* in elements */
  size_t bytes;
};

struct model {
  litert_environment environment;
  litert_model file;
  litert_options options;
  litert_compiled_model compiled;
  struct detection_head *head; /* idle where the graph does not ask for it */
  void *bytes;
  size_t input_count, output_count;
  struct tensor *tensors;        /* inputs, then outputs */
  litert_tensor_buffer *buffers; /* in the same order; NULL until they have memory */
};

/* Loads a model from a copy of `bytes`, with the library's options for the processor as lines of
 * TOML, of which it ignores what it does not know. Whatever it gives, model_close() has to follow;
 * `model` has to be all zeros. */
bool model_open(struct model *model, const void *bytes, size_t size, const char *cpu_options,
                struct reason *reason);

/* Gives a tensor the memory to compute in: aligned and padded as above, and not freed before
 * model_close(). */
bool model_give_memory(struct model *model, size_t index, void *memory, struct reason *reason);

/* Computes the outputs from the inputs in this thread (and the library's own). */
bool model_run(struct model *model, struct reason *reason);

/* Frees everything but the tensors' memory, and leaves all zeros. */
void model_close(struct model *model);

#endif

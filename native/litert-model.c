#define _GNU_SOURCE /* posix_memalign */
#include "litert-model.h"

#include "litert-options.h"

#include <stdlib.h>
#include <string.h>

/* Far more than any detector has. */
#define MAX_TENSORS 64
#define MAX_TENSOR_ELEMENTS (1 << 28)

/* The first signature, or the graph of a file without any. */
#define SIGNATURE 0

static bool copy_bytes(struct model *model, const void *bytes, size_t size,
                       struct reason *reason) {
  if (posix_memalign(&model->bytes, TENSOR_ALIGNMENT_BYTES, size + TENSOR_PADDING_BYTES) != 0) {
    model->bytes = NULL;
    return refuse(reason, "out of memory");
  }
  memcpy(model->bytes, bytes, size);
  memset((char *)model->bytes + size, 0, TENSOR_PADDING_BYTES);
  return true;
}

static bool create_environment(struct model *model, struct reason *reason) {
  const struct litert_environment_option options[] = {
      {LITERT_OPTION_ACCELERATORS, {LITERT_ANY_INTEGER, LITERT_CPU}},
      {LITERT_OPTION_LOG_SEVERITY, {LITERT_ANY_INTEGER, LITERT_SEVERITY_WARNING}},
  };
  return done(litert.CreateEnvironment(2, options, &model->environment), "environment", reason);
}

static bool find_graph(struct model *model, litert_subgraph *graph, struct reason *reason) {
  size_t count = 0;
  litert_signature signature;
  if (!done(litert.GetNumModelSignatures(model->file, &count), "signatures", reason)) {
    return false;
  }
  if (count <= SIGNATURE) {
    return refuse(reason, "it has no graph");
  }
  return done(litert.GetModelSignature(model->file, SIGNATURE, &signature), "signature",
              reason) &&
         done(litert.GetSignatureSubgraph(signature, graph), "graph", reason);
}

static bool count_tensors(struct model *model, litert_subgraph graph, struct reason *reason) {
  size_t inputs = 0, outputs = 0;
  if (!done(litert.GetNumSubgraphInputs(graph, &inputs), "inputs", reason) ||
      !done(litert.GetNumSubgraphOutputs(graph, &outputs), "outputs", reason)) {
    return false;
  }
  if (inputs < 1 || outputs < 1 || inputs > MAX_TENSORS || outputs > MAX_TENSORS) {
    return refuse(reason, "it has %zu inputs and %zu outputs, expected 1 to %d of each", inputs,
                  outputs, MAX_TENSORS);
  }
  model->tensors = calloc(inputs + outputs, sizeof *model->tensors);
  model->buffers = calloc(inputs + outputs, sizeof *model->buffers);
  if (!model->tensors || !model->buffers) {
    return refuse(reason, "out of memory");
  }
  model->input_count = inputs;
  model->output_count = outputs;
  return true;
}

static size_t element_bytes(int32_t element) {
  switch (element) {
    case LITERT_FLOAT32:
    case LITERT_INT32:
      return 4;
    case LITERT_UINT8:
    case LITERT_INT8:
      return 1;
    default:
      return 0;
  }
}

static const char *other_element(int32_t element) {
  switch (element) {
    case 4:
      return "int64";
    case 5:
      return "string";
    case 6:
      return "bool";
    case 7:
      return "int16";
    case 10:
      return "float16";
    case 11:
      return "float64";
    default:
      return "of an unknown type";
  }
}

static bool measure(struct tensor *tensor, struct reason *reason) {
  const struct litert_layout *layout = &tensor->type.layout;
  size_t bytes = element_bytes(tensor->type.element);
  if (bytes == 0) {
    return refuse(reason, "its tensor \"%.80s\" is %s, expected float32, int32, uint8 or int8",
                  tensor->name, other_element(tensor->type.element));
  }
  if (layout->rank > LITERT_MAX_RANK) {
    return refuse(reason, "its tensor \"%.80s\" has %u dimensions, expected %d at most",
                  tensor->name, layout->rank, LITERT_MAX_RANK);
  }
  size_t length = 1;
  for (unsigned i = 0; i < layout->rank; i++) {
    int32_t size = layout->dimensions[i];
    if (size < 1 || length > MAX_TENSOR_ELEMENTS / (size_t)size) {
      return refuse(reason, "its tensor \"%.80s\" has no fixed or no sensible size",
                    tensor->name);
    }
    length *= (size_t)size;
  }
  tensor->length = length;
  tensor->bytes = length * bytes;
  return true;
}

/* The layout in the file may be empty or leave sizes open; `layout` is the one that is computed. */
static bool describe(struct tensor *tensor, litert_tensor handle,
                     const struct litert_layout *layout, struct reason *reason) {
  if (litert.GetTensorName(handle, &tensor->name) != 0 || !tensor->name) {
    tensor->name = "";
  }
  if (!done(litert.GetRankedTensorType(handle, &tensor->type), "type of a tensor", reason)) {
    return false;
  }
  tensor->type.layout = *layout;
  tensor->type.layout.has_strides = 0;
  return measure(tensor, reason);
}

static bool describe_inputs(struct model *model, litert_subgraph graph, struct reason *reason) {
  for (size_t i = 0; i < model->input_count; i++) {
    litert_tensor handle;
    struct litert_layout layout;
    if (!done(litert.GetSubgraphInput(graph, i, &handle), "input", reason) ||
        !done(litert.GetCompiledModelInputTensorLayout(model->compiled, SIGNATURE, i, &layout),
              "layout of an input", reason) ||
        !describe(&model->tensors[i], handle, &layout, reason)) {
      return false;
    }
  }
  return true;
}

static bool describe_outputs(struct model *model, litert_subgraph graph, struct reason *reason) {
  struct litert_layout layouts[MAX_TENSORS];
  bool allocate = true; /* only then are the layouts known */
  if (!done(litert.GetCompiledModelOutputTensorLayouts(model->compiled, SIGNATURE,
                                                       model->output_count, layouts, allocate),
            "allocation of its tensors", reason)) {
    return false;
  }
  for (size_t i = 0; i < model->output_count; i++) {
    litert_tensor handle;
    if (!done(litert.GetSubgraphOutput(graph, i, &handle), "output", reason) ||
        !describe(&model->tensors[model->input_count + i], handle, &layouts[i], reason)) {
      return false;
    }
  }
  return true;
}

bool model_open(struct model *model, const void *bytes, size_t size, const char *cpu_options,
                struct reason *reason) {
  litert_subgraph graph;
  return copy_bytes(model, bytes, size, reason) && create_environment(model, reason) &&
         done(litert.CreateModelFromBuffer(model->environment, model->bytes, size, &model->file),
              "reading the file", reason) &&
         model_create_options(model, cpu_options, reason) && find_graph(model, &graph, reason) &&
         count_tensors(model, graph, reason) &&
         done(litert.CreateCompiledModel(model->environment, model->file, model->options,
                                         &model->compiled),
              "preparation", reason) &&
         describe_inputs(model, graph, reason) && describe_outputs(model, graph, reason);
}

bool model_give_memory(struct model *model, size_t index, void *memory, struct reason *reason) {
  const struct tensor *tensor = &model->tensors[index];
  return done(litert.CreateTensorBufferFromHostMemory(&tensor->type, memory, tensor->bytes, NULL,
                                                      &model->buffers[index]),
              "memory of a tensor", reason);
}

bool model_run(struct model *model, struct reason *reason) {
  return done(litert.RunCompiledModel(model->compiled, SIGNATURE, model->input_count,
                                      model->buffers, model->output_count,
                                      model->buffers + model->input_count),
              "inference", reason);
}

void model_close(struct model *model) {
  for (size_t i = 0; i < model->input_count + model->output_count; i++) {
    if (model->buffers[i]) {
      litert.DestroyTensorBuffer(model->buffers[i]);
    }
  }
  if (model->compiled) {
    litert.DestroyCompiledModel(model->compiled);
  }
  if (model->options) {
    litert.DestroyOptions(model->options);
  }
  if (model->file) {
    litert.DestroyModel(model->file);
  }
  if (model->environment) {
    litert.DestroyEnvironment(model->environment);
  }
  detection_head_destroy(model->head);
  free(model->tensors);
  free(model->buffers);
  free(model->bytes);
  *model = (struct model){0};
}

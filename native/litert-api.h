/*
 * The part of LiteRT's C interface that is in use. The shared library comes without headers, so
 * it is declared here after litert/c/ of LiteRT 2.3: the symbols are versioned (VERS_1.0) and the
 * structs are marked as stable there. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_LITERT_API_H
#define LOOKOUT_LITERT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct litert_environment *litert_environment;
typedef struct litert_options *litert_options;
typedef struct litert_opaque_options *litert_opaque_options;
typedef struct litert_model *litert_model;
typedef struct litert_compiled_model *litert_compiled_model;
typedef struct litert_signature *litert_signature;
typedef struct litert_subgraph *litert_subgraph;
typedef struct litert_tensor *litert_tensor;
typedef struct litert_tensor_buffer *litert_tensor_buffer;

/* 0 is success. */
typedef int litert_status;

#define LITERT_MAX_RANK 8

struct litert_layout {
  unsigned rank : 7;
  unsigned has_strides : 1;
  int32_t dimensions[LITERT_MAX_RANK];
  uint32_t strides[LITERT_MAX_RANK];
};

/* The codes of tensors' elements that are not refused. */
enum { LITERT_FLOAT32 = 1, LITERT_INT32 = 2, LITERT_UINT8 = 3, LITERT_INT8 = 9 };

struct litert_tensor_type {
  int32_t element;
  struct litert_layout layout;
};
_Static_assert(sizeof(struct litert_tensor_type) == 72, "as in LiteRT");

/* Without the choice of accelerators the library looks for drivers of graphics cards by name. */
enum { LITERT_OPTION_ACCELERATORS = 24, LITERT_OPTION_LOG_SEVERITY = 25 };
enum { LITERT_ANY_INTEGER = 2 };
enum { LITERT_CPU = 1 };
enum { LITERT_SEVERITY_WARNING = 2 };

struct litert_environment_option {
  int32_t tag;
  struct {
    int32_t type;
    int64_t integer;
  } value;
};
_Static_assert(sizeof(struct litert_environment_option) == 24, "as in LiteRT");

/* An operator of one's own; each function gets the user data that it was registered with. */
struct litert_custom_operator {
  litert_status (*init)(void *, const void *options, size_t);
  /* Called before `run` and whenever a size has changed. */
  litert_status (*get_output_layouts)(void *, size_t, const struct litert_layout *inputs, size_t,
                                      struct litert_layout *outputs);
  litert_status (*run)(void *, size_t, const litert_tensor_buffer *inputs, size_t,
                       litert_tensor_buffer *outputs);
  litert_status (*destroy)(void *);
};

/* F(result, name without its prefix "LiteRt", parameters) */
#define LITERT_FUNCTIONS(F)                                                                       \
  F(litert_status, CreateEnvironment,                                                             \
    (int, const struct litert_environment_option *, litert_environment *))                        \
  F(void, DestroyEnvironment, (litert_environment))                                               \
  F(litert_status, CreateModelFromBuffer,                                                         \
    (litert_environment, const void *bytes, size_t, litert_model *))                              \
  F(void, DestroyModel, (litert_model))                                                           \
  F(litert_status, CreateOptions, (litert_options *))                                             \
  F(void, DestroyOptions, (litert_options))                                                       \
  F(litert_status, SetOptionsHardwareAccelerators, (litert_options, int))                         \
  F(litert_status, CreateOpaqueOptions,                                                           \
    (const char *kind, void *text, void (*release)(void *), litert_opaque_options *))             \
  F(litert_status, AddOpaqueOptions, (litert_options, litert_opaque_options))                     \
  F(litert_status, AddCustomOpKernelOption,                                                       \
    (litert_options, const char *name, int version, const struct litert_custom_operator *,        \
     void *user_data))                                                                            \
  F(litert_status, CreateCompiledModel,                                                           \
    (litert_environment, litert_model, litert_options, litert_compiled_model *))                  \
  F(void, DestroyCompiledModel, (litert_compiled_model))                                          \
  F(litert_status, GetCompiledModelInputTensorLayout,                                             \
    (litert_compiled_model, size_t signature, size_t, struct litert_layout *))                    \
  F(litert_status, GetCompiledModelOutputTensorLayouts,                                           \
    (litert_compiled_model, size_t signature, size_t count, struct litert_layout *,               \
     bool allocate))                                                                              \
  F(litert_status, RunCompiledModel,                                                              \
    (litert_compiled_model, size_t signature, size_t, litert_tensor_buffer *inputs, size_t,       \
     litert_tensor_buffer *outputs))                                                              \
  F(litert_status, GetNumModelSignatures, (litert_model, size_t *))                               \
  F(litert_status, GetModelSignature, (litert_model, size_t, litert_signature *))                 \
  F(litert_status, GetSignatureSubgraph, (litert_signature, litert_subgraph *))                   \
  F(litert_status, GetNumSubgraphInputs, (litert_subgraph, size_t *))                             \
  F(litert_status, GetNumSubgraphOutputs, (litert_subgraph, size_t *))                            \
  F(litert_status, GetSubgraphInput, (litert_subgraph, size_t, litert_tensor *))                  \
  F(litert_status, GetSubgraphOutput, (litert_subgraph, size_t, litert_tensor *))                 \
  F(litert_status, GetTensorName, (litert_tensor, const char **))                                 \
  F(litert_status, GetRankedTensorType, (litert_tensor, struct litert_tensor_type *))             \
  F(litert_status, CreateTensorBufferFromHostMemory,                                              \
    (const struct litert_tensor_type *, void *memory, size_t, void (*release)(void *),            \
     litert_tensor_buffer *))                                                                     \
  F(litert_status, LockTensorBuffer, (litert_tensor_buffer, void **memory, int mode))             \
  F(litert_status, UnlockTensorBuffer, (litert_tensor_buffer))                                    \
  F(void, DestroyTensorBuffer, (litert_tensor_buffer))

struct litert_api {
#define F(result, name, parameters) result(*name) parameters;
  LITERT_FUNCTIONS(F)
#undef F
};

/* Filled in by the first litert_open() that succeeds, and never changed again. */
extern struct litert_api litert;

/* Why something failed, for people. */
struct reason {
  char text[512];
};

/* Writes the reason as printf does and gives false. */
bool refuse(struct reason *reason, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Opens the library for the whole process, from any thread and any number of times; only the first
 * file counts, another one is refused. Never closed: its threads may outlive every user. */
bool litert_open(const char *path, struct reason *reason);

bool litert_is_open(void);

/* What a status that is not 0 means. */
const char *litert_status_text(litert_status status);

#endif

/*
 * The memory of one tensor, in which both JavaScript and LiteRT work: nothing is copied.
 */
#ifndef LOOKOUT_LITERT_TENSOR_H
#define LOOKOUT_LITERT_TENSOR_H

#define NAPI_VERSION 8
#include <node_api.h>

#include "litert-model.h"

/* Makes the memory of a tensor: an ordinary ArrayBuffer, which V8 owns, `memory` keeps alive and
 * `start` lies in. Gives the `{ name, shape, data }` that JavaScript sees, or NULL when there is no
 * memory for it; then `memory` may be NULL. */
napi_value tensor_view(napi_env env, const struct tensor *tensor, napi_ref *memory, void **start);

/* False once JavaScript has transferred the memory away. */
bool tensor_has_memory(napi_env env, napi_ref memory);

/* Frees the memory, which leaves JavaScript with an array of no elements. */
void tensor_detach(napi_env env, napi_ref memory);

#endif

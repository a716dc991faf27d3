/*
 * The memory of tensors, in which both JavaScript and LiteRT work: nothing is copied.
 */
#ifndef LOOKOUT_LITERT_TENSOR_H
#define LOOKOUT_LITERT_TENSOR_H

#define NAPI_VERSION 8
#include <node_api.h>

#include "litert-model.h"

/* Makes the memory of `count` tensors of a model from `first` on and gives them as a JavaScript list
 * of `{ name, shape, data }`. The memory is in ordinary ArrayBuffers, which V8 owns and `memories`
 * keeps alive: an entry for each tensor of the model, NULL where there is none yet. Gives NULL when
 * there is no memory or the library refuses it; tensors_release() has to follow either way. */
napi_value tensors_share(napi_env env, struct model *model, size_t first, size_t count,
                         napi_ref *memories, struct reason *reason);

/* False once JavaScript has transferred the memory of one of them away. */
bool tensors_have_memory(napi_env env, const napi_ref *memories, size_t count);

/* Lets go of the memory. `detach` frees it at once, which leaves JavaScript with arrays of no
 * elements; otherwise that is the garbage collector's. */
void tensors_release(napi_env env, napi_ref *memories, size_t count, bool detach);

#endif

/* Where the elements of a typed array are. */
#ifndef LOOKOUT_ELEMENTS_H
#define LOOKOUT_ELEMENTS_H

#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>

struct elements {
  napi_typedarray_type type;
  size_t length;
  void *data;
};

static inline bool read_elements(napi_env env, napi_value value, struct elements *result) {
  bool is_typed_array = false;
  return napi_is_typedarray(env, value, &is_typed_array) == napi_ok && is_typed_array &&
         napi_get_typedarray_info(env, value, &result->type, &result->length, &result->data, NULL,
                                  NULL) == napi_ok;
}

#endif

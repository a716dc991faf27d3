#include "litert-tensor.h"

static napi_typedarray_type array_type(int32_t element) {
  switch (element) {
    case LITERT_FLOAT32:
      return napi_float32_array;
    case LITERT_INT32:
      return napi_int32_array;
    case LITERT_INT8:
      return napi_int8_array;
    default:
      return napi_uint8_array;
  }
}

static bool set_name(napi_env env, napi_value view, const char *name) {
  napi_value value;
  return napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &value) == napi_ok &&
         napi_set_named_property(env, view, "name", value) == napi_ok;
}

static bool set_shape(napi_env env, napi_value view, const struct litert_layout *layout) {
  napi_value shape;
  if (napi_create_array_with_length(env, layout->rank, &shape) != napi_ok) {
    return false;
  }
  for (unsigned i = 0; i < layout->rank; i++) {
    napi_value size;
    if (napi_create_int32(env, layout->dimensions[i], &size) != napi_ok ||
        napi_set_element(env, shape, i, size) != napi_ok) {
      return false;
    }
  }
  return napi_set_named_property(env, view, "shape", shape) == napi_ok;
}

/* V8 aligns to less than the kernels need, so the buffer is larger and the view starts inside. */
static bool set_data(napi_env env, napi_value view, const struct tensor *tensor, napi_ref *memory,
                     void **start) {
  napi_value buffer, data;
  void *bytes = NULL;
  size_t size = tensor->bytes + TENSOR_ALIGNMENT_BYTES + TENSOR_PADDING_BYTES;
  if (napi_create_arraybuffer(env, size, &bytes, &buffer) != napi_ok ||
      napi_create_reference(env, buffer, 1, memory) != napi_ok) {
    return false;
  }
  size_t offset = -(uintptr_t)bytes & (TENSOR_ALIGNMENT_BYTES - 1);
  *start = (char *)bytes + offset;
  return napi_create_typedarray(env, array_type(tensor->type.element), tensor->length, buffer,
                                offset, &data) == napi_ok &&
         napi_set_named_property(env, view, "data", data) == napi_ok;
}

/* Gives NULL when there is no memory. */
static napi_value make_view(napi_env env, const struct tensor *tensor, napi_ref *memory,
                            void **start) {
  napi_value view;
  bool is_made = napi_create_object(env, &view) == napi_ok &&
                 set_name(env, view, tensor->name) &&
                 set_shape(env, view, &tensor->type.layout) &&
                 set_data(env, view, tensor, memory, start);
  return is_made ? view : NULL;
}

napi_value tensors_share(napi_env env, struct model *model, size_t first, size_t count,
                         napi_ref *memories, struct reason *reason) {
  napi_value list = NULL;
  bool is_made = napi_create_array_with_length(env, count, &list) == napi_ok;
  for (size_t i = 0; is_made && i < count; i++) {
    size_t index = first + i;
    void *start;
    napi_value view = make_view(env, &model->tensors[index], &memories[index], &start);
    is_made = view && napi_set_element(env, list, (uint32_t)i, view) == napi_ok;
    if (is_made && !model_give_memory(model, index, start, reason)) {
      return NULL;
    }
  }
  if (!is_made) {
    refuse(reason, "out of memory");
    return NULL;
  }
  return list;
}

static bool find_buffer(napi_env env, napi_ref memory, napi_value *buffer) {
  return napi_get_reference_value(env, memory, buffer) == napi_ok && *buffer;
}

bool tensors_have_memory(napi_env env, const napi_ref *memories, size_t count) {
  for (size_t i = 0; i < count; i++) {
    napi_value buffer;
    bool is_detached = true;
    if (!find_buffer(env, memories[i], &buffer) ||
        napi_is_detached_arraybuffer(env, buffer, &is_detached) != napi_ok || is_detached) {
      return false;
    }
  }
  return true;
}

void tensors_release(napi_env env, napi_ref *memories, size_t count, bool detach) {
  for (size_t i = 0; i < count; i++) {
    napi_value buffer;
    if (!memories[i]) {
      continue;
    }
    if (detach && find_buffer(env, memories[i], &buffer)) {
      napi_detach_arraybuffer(env, buffer);
    }
    napi_delete_reference(env, memories[i]);
    memories[i] = NULL;
  }
}

/*
 * LiteRT's C library for JavaScript. May be loaded in any number of threads: a model belongs to the
 * thread that loaded it, and the library itself is opened once for all of them.
 *
 *   open(path: string): void
 *   load(model: ArrayBuffer, cpuOptions: string): Model
 *
 *   Model: {
 *     inputs, outputs: { name: string, shape: number[], data: Uint8Array | Int8Array | Int32Array |
 *                        Float32Array }[]
 *     said: string      what the library said while it loaded the model
 *     invoke(): void    reads the inputs' `data` and writes the outputs', blocking
 *     dispose(): void   frees all at once and leaves `data` empty; may be called again
 *   }
 *
 * `open` comes first, in every thread. `cpuOptions` are lines of the library's TOML, of which it
 * ignores what it does not know. The bytes of the model are copied. `data` is the memory in which
 * the library itself computes and must not be transferred; `invoke` notices if it was. What fails
 * throws an Error with the reason, and what the library said in the lines after it.
 */
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdio.h>
#include <stdlib.h>

#include "litert-model.h"
#include "litert-said.h"
#include "litert-tensor.h"

/* Tells our own objects from those of others that a method may be called on. */
static const napi_type_tag MODEL_TAG = {0x6c6f6f6b6f75742dULL, 0x6c69746572742d31ULL};

#define MAX_PATH_BYTES 4096
#define MAX_OPTIONS_BYTES 1024

/* Roughly what the library holds beyond the bytes of a model: packed weights, intermediate results.
 * Only for V8, so that models which nobody disposed of weigh on it. */
#define WEIGHT_FACTOR 3

/* What a JavaScript model stands on. */
struct job {
  struct model model;
  napi_ref *memories; /* of its tensors, in their order; entries may be NULL */
  int64_t weight;     /* as V8 was told */
};

static void throw_failure(napi_env env, const struct reason *reason, const struct said *said) {
  char text[sizeof reason->text + sizeof said->text + 1];
  bool has_words = said && said->length > 0;
  snprintf(text, sizeof text, "%s%s%s", reason->text, has_words ? "\n" : "",
           has_words ? said->text : "");
  /* Does nothing while the thread is being terminated. */
  napi_throw_error(env, "ERR_LITERT", text);
}

/* Copies a string argument; false if it is none or too long. */
static bool copy_string(napi_env env, napi_value value, char *buffer, size_t size) {
  size_t length = 0;
  return napi_get_value_string_utf8(env, value, NULL, 0, &length) == napi_ok && length < size &&
         napi_get_value_string_utf8(env, value, buffer, size, &length) == napi_ok;
}

static napi_value open_library(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  char path[MAX_PATH_BYTES];
  struct reason reason;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (!copy_string(env, argument, path, sizeof path)) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "open() takes a path");
  } else if (!litert_open(path, &reason)) {
    throw_failure(env, &reason, NULL);
  }
  return NULL;
}

static void tell_weight(napi_env env, struct job *job, int64_t weight) {
  int64_t total;
  napi_adjust_external_memory(env, weight - job->weight, &total);
  job->weight = weight;
}

static size_t tensor_count(const struct job *job) {
  return job->model.input_count + job->model.output_count;
}

static void release(napi_env env, struct job *job, bool detach) {
  size_t count = tensor_count(job);
  tell_weight(env, job, 0);
  model_close(&job->model);
  if (job->memories) {
    tensors_release(env, job->memories, count, detach);
  }
  free(job->memories);
  job->memories = NULL;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)hint;
  release(env, data, false);
  free(data);
}

/* The job behind the object that a method was called on; NULL if it is another kind of object. */
static struct job *find_job(napi_env env, napi_callback_info info) {
  size_t count = 0;
  napi_value object;
  void *job = NULL;
  bool is_model = false;
  napi_get_cb_info(env, info, &count, NULL, &object, NULL);
  napi_check_object_type_tag(env, object, &MODEL_TAG, &is_model);
  if (is_model) {
    napi_unwrap(env, object, &job);
  }
  return job;
}

static bool run(napi_env env, struct job *job, struct reason *reason, struct said *said) {
  if (!job || !job->memories) {
    return refuse(reason, "it was disposed of");
  }
  if (!tensors_have_memory(env, job->memories, tensor_count(job))) {
    return refuse(reason, "the memory of a tensor was transferred away");
  }
  said_listen(said);
  bool ran = model_run(&job->model, reason);
  said_stop();
  return ran;
}

static napi_value invoke(napi_env env, napi_callback_info info) {
  struct reason reason;
  struct said said = {.length = 0};
  if (!run(env, find_job(env, info), &reason, &said)) {
    throw_failure(env, &reason, &said);
  }
  return NULL;
}

static napi_value dispose(napi_env env, napi_callback_info info) {
  struct job *job = find_job(env, info);
  if (job) {
    release(env, job, true);
  }
  return NULL;
}

static bool share(napi_env env, struct job *job, napi_value *inputs, napi_value *outputs,
                  struct reason *reason) {
  struct model *model = &job->model;
  job->memories = calloc(tensor_count(job), sizeof *job->memories);
  if (!job->memories) {
    return refuse(reason, "out of memory");
  }
  *inputs = tensors_share(env, model, 0, model->input_count, job->memories, reason);
  if (!*inputs) {
    return false;
  }
  *outputs = tensors_share(env, model, model->input_count, model->output_count, job->memories,
                           reason);
  return *outputs;
}

/* Becomes the owner of the job, unless it gives NULL. */
static napi_value make_object(napi_env env, struct job *job, const struct said *said,
                              struct reason *reason) {
  napi_value inputs = NULL, outputs = NULL, text, object;
  if (!share(env, job, &inputs, &outputs, reason)) {
    return NULL;
  }
  if (napi_create_string_utf8(env, said->text, said->length, &text) == napi_ok &&
      napi_create_object(env, &object) == napi_ok) {
    const napi_property_descriptor properties[] = {
        {"inputs", NULL, NULL, NULL, NULL, inputs, napi_enumerable, NULL},
        {"outputs", NULL, NULL, NULL, NULL, outputs, napi_enumerable, NULL},
        {"said", NULL, NULL, NULL, NULL, text, napi_enumerable, NULL},
        {"invoke", NULL, invoke, NULL, NULL, NULL, napi_enumerable, NULL},
        {"dispose", NULL, dispose, NULL, NULL, NULL, napi_enumerable, NULL},
    };
    if (napi_define_properties(env, object, sizeof properties / sizeof *properties, properties) ==
            napi_ok &&
        napi_type_tag_object(env, object, &MODEL_TAG) == napi_ok &&
        napi_wrap(env, object, job, finalize, NULL, NULL) == napi_ok) {
      return object;
    }
  }
  refuse(reason, "out of memory");
  return NULL;
}

static napi_value load(napi_env env, napi_callback_info info) {
  size_t count = 2, size = 0;
  napi_value arguments[2], object = NULL;
  void *bytes = NULL;
  char options[MAX_OPTIONS_BYTES];
  bool is_buffer = false;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (napi_is_arraybuffer(env, arguments[0], &is_buffer) != napi_ok || !is_buffer ||
      !copy_string(env, arguments[1], options, sizeof options)) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE",
                          "load() takes a model as ArrayBuffer and options as short string");
    return NULL;
  }
  napi_get_arraybuffer_info(env, arguments[0], &bytes, &size);
  struct reason reason;
  struct said said = {.length = 0};
  struct job *job = calloc(1, sizeof *job);
  if (!litert_is_open()) {
    refuse(&reason, "the library is not open");
  } else if (size == 0) {
    refuse(&reason, "the model has no bytes");
  } else if (!job) {
    refuse(&reason, "out of memory");
  } else {
    /* Not while V8 works: the last words of a process without memory are for everybody. */
    said_listen(&said);
    bool is_open = model_open(&job->model, bytes, size, options, &reason);
    said_stop();
    object = is_open ? make_object(env, job, &said, &reason) : NULL;
  }
  if (object) {
    tell_weight(env, job, (int64_t)size * WEIGHT_FACTOR);
  } else {
    if (job) {
      release(env, job, true);
      free(job);
    }
    throw_failure(env, &reason, &said);
  }
  return object;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {"open", NULL, open_library, NULL, NULL, NULL, napi_enumerable, NULL},
      {"load", NULL, load, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
  return exports;
}

/*
 * A pipe for the output of a child process: Node has no pipe(2), and gives children socket pairs
 * that hold less than half a frame. Stateless, so it may be loaded in any number of threads.
 *
 *   open(capacityBytes: number): number[]
 *
 * Gives the descriptors of the reading and of the writing end. The caller closes both; no child
 * inherits them unless it is told to. The capacity is a wish: where the system allows less, the
 * pipe keeps its usual 64 KB. Throws an Error with a `code` when there can be no pipe.
 */
#define _GNU_SOURCE /* pipe2, F_SETPIPE_SZ */
#define NAPI_VERSION 8
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <string.h>
#include <unistd.h>

static napi_value open_pipe(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument;
  int32_t capacity_bytes;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_int32(env, argument, &capacity_bytes) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "open() takes a number: capacityBytes");
    return NULL;
  }
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    napi_throw_error(env, errno == EMFILE ? "EMFILE" : "ENFILE", strerror(errno));
    return NULL;
  }
  fcntl(ends[1], F_SETPIPE_SZ, capacity_bytes);
  napi_value result;
  napi_create_array_with_length(env, 2, &result);
  for (uint32_t i = 0; i < 2; i++) {
    napi_value end;
    napi_create_int32(env, ends[i], &end);
    napi_set_element(env, result, i, end);
  }
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_status status =
      napi_create_function(env, "open", NAPI_AUTO_LENGTH, open_pipe, NULL, &function);
  if (status == napi_ok) {
    napi_set_named_property(env, exports, "open", function);
  }
  return exports;
}

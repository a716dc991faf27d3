/*
 * The memory of this process, as its system and its allocator see it. Stateless, so it may be
 * loaded in any number of threads.
 *
 *   limit(bytes: number): number
 *   trim(): void
 *   dropFilePages(): void
 *
 * `limit` lets the process take `bytes` more memory than it has now (RLIMIT_DATA: what it writes to
 * alone, mapped or from the heap; see getrlimit(2)), or less where it was limited before. It cannot
 * be undone, and child processes inherit it. Gives 0, otherwise the negated errno, as
 * util.getSystemErrorName() takes it. `trim` returns to the system what was freed in the middle of
 * the heap, see malloc_trim(3), `dropFilePages` does what file-pages.h says.
 */
#define NAPI_VERSION 8
#include <errno.h>
#include <malloc.h>
#include <node_api.h>
#include <stdio.h>
#include <sys/resource.h>

#include "file-pages.h"

/* What counts against the limit, in bytes; 0 if the kernel does not say. */
static rlim_t used_bytes(void) {
  unsigned long long kilobytes = 0;
  char line[128];
  FILE *status = fopen("/proc/self/status", "re");
  if (!status) {
    return 0;
  }
  while (fgets(line, sizeof line, status) && sscanf(line, "VmData: %llu kB", &kilobytes) != 1) {
  }
  fclose(status);
  return (rlim_t)kilobytes * 1024;
}

static int limit_data(rlim_t more_bytes) {
  rlim_t used = used_bytes();
  if (used == 0) {
    return -ENOENT;
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) != 0) {
    return -errno;
  }
  /* A tighter limit, as of a service, stays. */
  if (limit.rlim_max > used + more_bytes) {
    limit.rlim_max = used + more_bytes;
  }
  limit.rlim_cur = limit.rlim_max;
  return setrlimit(RLIMIT_DATA, &limit) == 0 ? 0 : -errno;
}

static napi_value limit(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value argument, result;
  int64_t bytes = 0;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (napi_get_value_int64(env, argument, &bytes) != napi_ok || bytes < 1) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "limit() takes bytes, at least 1");
    return NULL;
  }
  napi_create_int32(env, limit_data((rlim_t)bytes), &result);
  return result;
}

static napi_value trim(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  malloc_trim(0);
  return NULL;
}

static napi_value drop_file_pages(napi_env env, napi_callback_info info) {
  (void)env;
  (void)info;
  file_pages_drop();
  return NULL;
}

NAPI_MODULE_INIT() {
  const napi_property_descriptor properties[] = {
      {"limit", NULL, limit, NULL, NULL, NULL, napi_enumerable, NULL},
      {"trim", NULL, trim, NULL, NULL, NULL, napi_enumerable, NULL},
      {"dropFilePages", NULL, drop_file_pages, NULL, NULL, NULL, napi_enumerable, NULL},
  };
  napi_define_properties(env, exports, sizeof properties / sizeof *properties, properties);
  return exports;
}

#define _GNU_SOURCE /* RTLD_NODELETE */
#include "litert-api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

struct litert_api litert;

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;
static void *library;

bool refuse(struct reason *reason, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason->text, sizeof reason->text, format, arguments);
  va_end(arguments);
  return false;
}

static bool find_functions(void *handle, struct litert_api *api, struct reason *reason) {
/* POSIX has dlsym() give functions as object pointers; this is its way to store one. */
#define F(result, name, parameters)                                  \
  *(void **)&api->name = dlsym(handle, "LiteRt" #name);              \
  if (!api->name) {                                                  \
    return refuse(reason, "it has no function LiteRt" #name);        \
  }
  LITERT_FUNCTIONS(F)
#undef F
  return true;
}

static bool open_first(const char *path, struct reason *reason) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!handle) {
    return refuse(reason, "%s", dlerror());
  }
  struct litert_api api;
  if (!find_functions(handle, &api, reason)) {
    return false;
  }
  litert = api;
  library = handle;
  return true;
}

/* The same file under another name is the same library, and so is the same name when the file
 * behind it was exchanged: what is loaded already goes on. */
static bool is_open_already(const char *path) {
  return dlopen(path, RTLD_NOW | RTLD_NOLOAD) == library;
}

bool litert_open(const char *path, struct reason *reason) {
  pthread_mutex_lock(&opening);
  bool is_open;
  if (!library) {
    is_open = open_first(path, reason);
  } else {
    is_open = is_open_already(path) || refuse(reason, "this process has another one open");
  }
  pthread_mutex_unlock(&opening);
  return is_open;
}

bool litert_is_open(void) {
  pthread_mutex_lock(&opening);
  bool is_open = library;
  pthread_mutex_unlock(&opening);
  return is_open;
}

const char *litert_status_text(litert_status status) {
  switch (status) {
    case 1:
      return "invalid argument";
    case 2:
      return "out of memory";
    case 3:
      return "runtime failure";
    case 5:
      return "unsupported";
    case 6:
      return "not found";
    case 8:
      return "wrong version";
    case 500:
      return "file error";
    case 501:
      return "not a valid model file";
    case 504:
      return "compilation failed";
    case 1000:
      return "index out of bounds";
    case 1001:
      return "invalid type";
    case 1002:
      return "invalid graph";
    default:
      return "failure";
  }
}

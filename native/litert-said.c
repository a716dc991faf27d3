#define _GNU_SOURCE /* fopencookie */
#include "litert-said.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static _Thread_local struct said *listener;

static void keep(struct said *said, const char *text, size_t length) {
  size_t room = sizeof said->text - 1 - said->length;
  size_t kept = length < room ? length : room;
  memcpy(said->text + said->length, text, kept);
  said->length += kept;
  said->text[said->length] = '\0';
}

static ssize_t write_text(void *cookie, const char *text, size_t length) {
  (void)cookie;
  if (!listener) {
    ssize_t written = write(STDERR_FILENO, text, length);
    return written > 0 ? written : 0; /* as fopencookie(3) wants failures */
  }
  keep(listener, text, length);
  return (ssize_t)length;
}

/* Without a buffer, so that a text arrives in the thread that speaks it, and at once. Never closed
 * and never put back: any thread may hold the stream. */
static void replace_stream(void) {
  FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = write_text});
  if (stream) {
    setvbuf(stream, NULL, _IONBF, 0);
    stderr = stream;
  }
}

void said_listen(struct said *said) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, replace_stream);
  said->length = 0;
  said->text[0] = '\0';
  listener = said;
}

void said_stop(void) { listener = NULL; }

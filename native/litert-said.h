/*
 * What LiteRT says. Its reasons go to stdio's `stderr` and nowhere else, so that stream is replaced
 * once, for the whole process, by one that gives each thread's text to whoever listens in that
 * thread, and everything else to descriptor 2 as before. Knows nothing of JavaScript.
 */
#ifndef LOOKOUT_LITERT_SAID_H
#define LOOKOUT_LITERT_SAID_H

#include <stddef.h>

/* The beginning of what was said, with its final NUL; the rest is dropped. */
struct said {
  char text[2048];
  size_t length;
};

/* Collects what this thread says from now on; nothing is collected if there is no memory. */
void said_listen(struct said *said);

/* Lets this thread speak to descriptor 2 again. */
void said_stop(void);

#endif

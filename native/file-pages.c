#define _GNU_SOURCE /* madvise */
#include "file-pages.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

typedef struct {
  unsigned long from, to;
  int is_clean_file;
} Mapping;

void file_pages_drop(void) {
  FILE *smaps = fopen("/proc/self/smaps", "re");
  if (!smaps) {
    return;
  }
  Mapping mapping = {0};
  char *line = NULL;
  size_t capacity = 0;
  while (getline(&line, &capacity, smaps) > 0) {
    unsigned long from, to, anonymous_kb;
    char access[5], first;
    if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %c", &from, &to, access, &first) == 4) {
      mapping = (Mapping){from, to, access[1] == '-' && access[3] == 'p' && first == '/'};
    } else if (sscanf(line, "Anonymous: %lu kB", &anonymous_kb) == 1) {
      /* Pages of a file that were written to, as by relocation, are the process's own: dropped, they
         would come back as they were before. */
      if (mapping.is_clean_file && anonymous_kb == 0) {
        madvise((void *)(uintptr_t)mapping.from, mapping.to - mapping.from, MADV_DONTNEED);
      }
      mapping.is_clean_file = 0;
    }
  }
  free(line);
  fclose(smaps);
}

#define _GNU_SOURCE /* vmsplice, F_GETPIPE_SZ */
#include "page-pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

int page_pipe_open(PagePipe *pipe, int descriptor, size_t block_bytes) {
  size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
  int capacity_bytes = fcntl(descriptor, F_GETPIPE_SZ);
  pipe->descriptor = descriptor;
  pipe->is_pipe = capacity_bytes > 0;
  pipe->block_bytes = block_bytes;
  pipe->slot_bytes = (block_bytes + page_bytes - 1) / page_bytes * page_bytes;
  /* A pipe holds so many pages, however full each is: after as many others none of a block's pages
     is left in it. One slot more is the block that is being put together. */
  pipe->slots = pipe->is_pipe ? (size_t)capacity_bytes / pipe->slot_bytes + 2 : 1;
  pipe->next = 0;
  pipe->ring = mmap(NULL, pipe->slots * pipe->slot_bytes, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pipe->ring == MAP_FAILED ? -1 : 0;
}

uint8_t *page_pipe_block(const PagePipe *pipe) {
  return pipe->ring + pipe->next * pipe->slot_bytes;
}

/* Whether the system refuses the call itself, as a filter of system calls does. */
static int is_refused(int error) {
  return error == ENOSYS || error == EPERM || error == EINVAL;
}

int page_pipe_send(PagePipe *pipe) {
  struct iovec rest = {page_pipe_block(pipe), pipe->block_bytes};
  while (rest.iov_len > 0) {
    ssize_t count = pipe->is_pipe ? vmsplice(pipe->descriptor, &rest, 1, 0)
                                  : write(pipe->descriptor, rest.iov_base, rest.iov_len);
    if (count >= 0) {
      rest.iov_base = (uint8_t *)rest.iov_base + count;
      rest.iov_len -= (size_t)count;
    } else if (pipe->is_pipe && is_refused(errno)) {
      pipe->is_pipe = 0;
    } else if (errno != EINTR) {
      return -1;
    }
  }
  pipe->next = (pipe->next + 1) % pipe->slots;
  return 0;
}

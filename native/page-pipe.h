/*
 * Writes blocks of equal length to a pipe without copying them: their pages themselves go into it
 * (vmsplice(2)), and the kernel allocates and frees none. What stands in a pipe must not change, so
 * blocks lie in a ring, and one is given out again only when the pipe has been filled with later
 * ones. Where the descriptor is no pipe, or the system refuses the call, blocks are written as usual.
 */
#ifndef LOOKOUT_PAGE_PIPE_H
#define LOOKOUT_PAGE_PIPE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
  int descriptor, is_pipe;
  size_t block_bytes, slot_bytes, slots, next;
  uint8_t *ring;
} PagePipe;

/* Gives 0, or -1 where there is no memory. The ring stays until the process ends. */
int page_pipe_open(PagePipe *pipe, int descriptor, size_t block_bytes);

/* Where the next block is to be put together. */
uint8_t *page_pipe_block(const PagePipe *pipe);

/* Sends that block, and waits for room. Gives 0, or -1 with errno when the reader is gone. */
int page_pipe_send(PagePipe *pipe);

#endif

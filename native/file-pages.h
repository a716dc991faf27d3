/*
 * Lets go of the pages of programs and libraries that are mapped but never written to. The start of
 * a process touches most of them, for relocation, parsing and setting up, and few are needed again:
 * those come back from the page cache by themselves, as after any reclaim.
 * What is dropped the kernel can give to others without having to look for who maps it.
 */
#ifndef LOOKOUT_FILE_PAGES_H
#define LOOKOUT_FILE_PAGES_H

/* Safe at any time and in any thread. Does nothing where the kernel does not tell the mappings. */
void file_pages_drop(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A look at an ELF file before the dynamic linker maps it. A truncated shared
 * object does not fail to load: it kills the process with SIGBUS when the linker
 * touches a page behind the file's end.
 */
#ifndef HOST_ELF_H
#define HOST_ELF_H

#include "base/buffer.h"

/* Whether all that the headers speak of lies within the file: segments, their
 * table and that of the sections. 0, or -ENOEXEC with a reason appended to why, or
 * what reading the file says. Blocks. */
int elf_check(const char *path, struct buffer *why);

#endif

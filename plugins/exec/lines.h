/* SPDX-License-Identifier: Apache-2.0 */
/* Lines out of a descriptor, in a buffer that does not grow. */
#ifndef EXEC_LINES_H
#define EXEC_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
	int fd;       /* owned; -1: none */
	char *buffer; /* owned */
	size_t size, from, to;
	bool is_over;     /* nothing more comes */
	bool is_skipping; /* the rest of a line that was too long */
	uint64_t n_bytes; /* of all reads */
};

enum lines_next { LINES_NONE, LINES_LINE, LINES_TOO_LONG };

/* max_line: bytes of the longest line. 0 or -ENOMEM. */
int lines_init(struct lines *lines, size_t max_line);
void lines_finish(struct lines *lines);

/* Begins with another descriptor, which is non-blocking and belongs to it now. */
void lines_open(struct lines *lines, int fd);
void lines_close(struct lines *lines);

/* Reads once. Lines that were given out are gone. 1: there is more; 0: it is
 * over; -EAGAIN: nothing is there now. */
int lines_read(struct lines *lines);

/* The next whole line, without its end and ended with a NUL, to be changed at will;
 * what stands behind the last line end counts once it is over. A line that is too long
 * comes once, without text. */
enum lines_next lines_next(struct lines *lines, char **ret_line);

#endif

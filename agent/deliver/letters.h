/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dead letters of a sink, read as a whole: both files that deadletter.h writes, the
 * older one first. They are looked at beside an agent that writes them; only the agent,
 * or who holds the lock of the state folder, changes them.
 */
#ifndef DELIVER_LETTERS_H
#define DELIVER_LETTERS_H

#include "base/pack.h"

#include <stdbool.h>

enum letter_state {
	LETTER_WAITS,
	LETTER_SENT,       /* in the batch that is on its way */
	LETTER_REFUSED,    /* again, with a new answer */
	LETTER_UNREADABLE, /* it can be shown, not sent: damaged, or nothing to send */
	LETTER_GONE,       /* delivered, or not wanted any more */
};

struct letter {
	struct slice line; /* without its end */
	enum letter_state state;
	bool is_marked;  /* as delivered, on disk */
	uint8_t file;    /* 0: the older one */
	int status;      /* LETTER_REFUSED: the answer, as deadletter.h has it */
	char *why;       /* owned */
	int64_t when_ns; /* of that answer */
};

enum { LETTERS_FILES = 2 };

struct letters {
	char *paths[LETTERS_FILES]; /* owned */
	int fds[LETTERS_FILES];     /* of files to change; -1: none */
	struct buffer content[LETTERS_FILES];
	struct letter *items; /* owned; those that are kept */
	size_t n;
};

/* What a local is before it is loaded, for letters_finish. */
#define LETTERS_NONE                                                                     \
	{                                                                                \
		.fds = { -1, -1 }                                                        \
	}

/* Reads them; a line that is still being written is left out, and so is what was
 * delivered since. changes: letters_mark and letters_settle will follow. Where there are
 * none, n is 0. 0 or a negative errno; letters_finish in both cases. Blocks. */
int letters_load(
	struct letters *letters, const char *folder, const char *sink, bool changes);
void letters_finish(struct letters *letters);

/* When it was refused last; 0 where the line does not say it. */
int64_t letter_refused_ns(const struct letter *letter);

/* The line up to the answer, and from the record on. Empty where it has none. */
struct slice letter_head(const struct letter *letter);
struct slice letter_tail(const struct letter *letter);

/* Calls found for each sink that has a file, sorted, until that is not 0. What it gave
 * last, or a negative errno. */
int letters_each_sink(
	const char *folder, int (*found)(void *context, const char *sink), void *context);

/* ---- letters_change.c -------------------------------------------------- */

/* Marks those that are gone and are not marked: in their place on disk, one byte each,
 * durable. 0 or a negative errno. */
int letters_mark(struct letters *letters);

/* Writes the files anew: without those that are gone, with the new answer of those that
 * were refused again. A file that is not the one that was read is left alone. 0 or a
 * negative errno, and then the files are as they were. */
int letters_settle(struct letters *letters);

/* Removes those that were refused before a time (INT64_MAX: all, also what cannot be
 * read). 0 and how many, or a negative errno. */
int letters_purge(
	const char *folder, const char *sink, int64_t before_ns, uint64_t *ret_n);

#endif

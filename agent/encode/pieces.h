/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text of a series in three pieces, between which a sample's own values go:
 * what encoders make once and then only copy.
 */
#ifndef ENCODE_PIECES_H
#define ENCODE_PIECES_H

#include "base/buffer.h"

#include <string.h>

struct pieces {
	size_t head, middle, tail; /* sizes */
	size_t rest;               /* behind them: what only one format knows */
	char bytes[];
};

/* Begins the pieces in an empty buffer: what is appended next is the head. */
static inline void pieces_begin(struct buffer *out)
{
	if (buffer_reserve(out, sizeof(struct pieces)))
		buffer_advance(out, sizeof(struct pieces));
}

/* Ends them; middle and tail: the buffer's sizes where those began. Returns what
 * the buffer held, for free(); NULL where it failed. */
static inline struct pieces *pieces_end(struct buffer *out, size_t middle, size_t tail)
{
	struct pieces *pieces = (struct pieces *)(void *)out->data;

	if (buffer_failed(out)) {
		buffer_finish(out);
		return NULL;
	}
	pieces->head = middle - sizeof(*pieces);
	pieces->middle = tail - middle;
	pieces->tail = out->size - tail;
	pieces->rest = 0;
	return pieces;
}

/* Takes the last n bytes from the tail: they are the rest. */
static inline void pieces_split(struct pieces *pieces, size_t n)
{
	pieces->tail -= n;
	pieces->rest = n;
}

static inline size_t pieces_size(const struct pieces *pieces)
{
	return pieces->head + pieces->middle + pieces->tail;
}

static inline char *put(char *to, const char *bytes, size_t n)
{
	memcpy(to, bytes, n);
	return to + n;
}

/* text: a literal. */
#define PUT_TEXT(to, text) put(to, text, sizeof(text) - 1)

#endif

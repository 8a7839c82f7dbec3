/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer.
 *
 * Failure sticks: once memory ran out or the limit was reached, every further
 * append does nothing and buffer_failed tells it, so that a chain of appends
 * needs one check at its end. A zeroed struct is an empty buffer without limit.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buffer {
	uint8_t *data; /* owned */
	size_t size, capacity;
	size_t limit; /* 0: none */
	bool failed;
	bool secret; /* memory is overwritten before it is given back */
};

/* Frees what the buffer holds and leaves it empty. */
void buffer_finish(struct buffer *buffer);

/* Empties the buffer and keeps its memory, overwritten where it is secret; a failure is
 * forgotten. */
void buffer_clear(struct buffer *buffer);

/* Cuts the buffer back to a size that it had before; forgets no failure. */
void buffer_cut(struct buffer *buffer, size_t size);

/* Room for n more bytes at the returned address, NULL where there is none. What
 * was written there counts after buffer_advance. */
uint8_t *buffer_reserve_slow(struct buffer *buffer, size_t n);

static inline uint8_t *buffer_reserve(struct buffer *buffer, size_t n)
{
	if (buffer->data && !buffer->failed && !buffer->limit &&
		buffer->capacity - buffer->size >= n)
		return buffer->data + buffer->size;
	return buffer_reserve_slow(buffer, n);
}

static inline void buffer_advance(struct buffer *buffer, size_t n)
{
	buffer->size += n;
}

static inline void buffer_append(struct buffer *buffer, const void *bytes, size_t n)
{
	uint8_t *room = buffer_reserve(buffer, n);

	if (room && n > 0) {
		memcpy(room, bytes, n);
		buffer->size += n;
	}
}

static inline void buffer_append_byte(struct buffer *buffer, uint8_t byte)
{
	buffer_append(buffer, &byte, 1);
}

static inline void buffer_append_text(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_append_format_list(struct buffer *buffer, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

static inline bool buffer_failed(const struct buffer *buffer)
{
	return buffer->failed;
}

/* Ends the content with a NUL that is not counted. Borrowed until the next
 * change; NULL where the buffer failed. */
const char *buffer_text(struct buffer *buffer);

/* Hands the content on, ended with a NUL; the buffer is empty afterwards. NULL
 * where the buffer failed. Owned by the caller. */
char *buffer_take_text(struct buffer *buffer);

#endif

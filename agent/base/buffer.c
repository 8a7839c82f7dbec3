/* SPDX-License-Identifier: Apache-2.0 */
#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUFFER_FIRST_CAPACITY = 256 };

void buffer_finish(struct buffer *buffer)
{
	if (buffer->secret && buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
	*buffer = (struct buffer){ .limit = buffer->limit, .secret = buffer->secret };
}

void buffer_clear(struct buffer *buffer)
{
	if (buffer->secret && buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	buffer->size = 0;
	buffer->failed = false;
}

void buffer_cut(struct buffer *buffer, size_t size)
{
	if (size < buffer->size)
		buffer->size = size;
}

/* realloc would leave a copy of what the buffer held. */
static uint8_t *move_secret(const struct buffer *buffer, size_t capacity)
{
	uint8_t *data = malloc(capacity);

	if (!data || !buffer->data)
		return data;
	memcpy(data, buffer->data, buffer->size);
	explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
	return data;
}

static bool buffer_grow(struct buffer *buffer, size_t needed)
{
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_FIRST_CAPACITY;
	uint8_t *data;

	while (capacity < needed) {
		if (capacity > SIZE_MAX / 2)
			return false;
		capacity *= 2;
	}
	data = buffer->secret ? move_secret(buffer, capacity)
			      : realloc(buffer->data, capacity);
	if (!data)
		return false;
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

uint8_t *buffer_reserve_slow(struct buffer *buffer, size_t n)
{
	size_t needed = buffer->size + n;

	if (buffer->failed)
		return NULL;
	if (needed < n || (buffer->limit && needed > buffer->limit) ||
		(needed > buffer->capacity && !buffer_grow(buffer, needed))) {
		buffer->failed = true;
		return NULL;
	}
	return buffer->data ? buffer->data + buffer->size : NULL;
}

void buffer_append_format_list(struct buffer *buffer, const char *format, va_list list)
{
	va_list again;
	uint8_t *room;
	int n;

	va_copy(again, list);
	n = vsnprintf(NULL, 0, format, list);
	room = n < 0 ? NULL : buffer_reserve(buffer, (size_t)n + 1);
	if (room) {
		vsnprintf((char *)room, (size_t)n + 1, format, again);
		buffer->size += (size_t)n;
	} else {
		buffer->failed = true;
	}
	va_end(again);
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	buffer_append_format_list(buffer, format, list);
	va_end(list);
}

const char *buffer_text(struct buffer *buffer)
{
	uint8_t *room = buffer_reserve(buffer, 1);

	if (!room)
		return NULL;
	*room = '\0';
	return (const char *)buffer->data;
}

char *buffer_take_text(struct buffer *buffer)
{
	char *text = NULL;

	if (buffer_text(buffer)) {
		text = (char *)buffer->data;
		buffer->data = NULL;
	}
	buffer_finish(buffer);
	return text;
}

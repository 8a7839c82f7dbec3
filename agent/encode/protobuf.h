/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing Protocol Buffers: tags, varints, fixed numbers and what has its length in
 * front. https://protobuf.dev/programming-guides/encoding/
 *
 * The put_ functions write to room that the caller has and return the end; the append_
 * functions write to a buffer.
 */
#ifndef ENCODE_PROTOBUF_H
#define ENCODE_PROTOBUF_H

#include "base/bytes.h"
#include "base/pack.h"

#include <string.h>

enum protobuf_wire {
	PROTOBUF_VARINT = 0,
	PROTOBUF_FIXED64 = 1,
	PROTOBUF_LENGTH = 2,
};

/* Of a field with a number below 16, as all are here: one byte. */
#define PROTOBUF_TAG(field, wire) ((uint8_t)((field) << 3 | (wire)))

/* What a tag and a length take at most. */
#define PROTOBUF_HEAD_MAX (1 + VARINT_MAX_SIZE)

static inline size_t varint_size(uint64_t value)
{
	/* Seven bits a byte; 9/64 is as good as 1/7 for up to 64 bits. */
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(value | 1);

	return (bits * 9 + 64) / 64;
}

static inline uint8_t *protobuf_put_varint(uint8_t *to, int field, uint64_t value)
{
	*to++ = PROTOBUF_TAG(field, PROTOBUF_VARINT);
	return varint_put(to, value);
}

static inline uint8_t *protobuf_put_fixed64(uint8_t *to, int field, uint64_t value)
{
	*to++ = PROTOBUF_TAG(field, PROTOBUF_FIXED64);
	put_u64(to, value);
	return to + 8;
}

static inline uint8_t *protobuf_put_double(uint8_t *to, int field, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return protobuf_put_fixed64(to, field, bits);
}

/* What stands in front of n bytes. */
static inline uint8_t *protobuf_put_head(uint8_t *to, int field, size_t n)
{
	*to++ = PROTOBUF_TAG(field, PROTOBUF_LENGTH);
	return varint_put(to, n);
}

static inline size_t protobuf_head_size(size_t n)
{
	return 1 + varint_size(n);
}

static inline void protobuf_append_head(struct buffer *to, int field, size_t n)
{
	uint8_t *room = buffer_reserve(to, PROTOBUF_HEAD_MAX);

	if (room)
		buffer_advance(to, (size_t)(protobuf_put_head(room, field, n) - room));
}

static inline void protobuf_append_varint(struct buffer *to, int field, uint64_t value)
{
	uint8_t *room = buffer_reserve(to, PROTOBUF_HEAD_MAX);

	if (room)
		buffer_advance(
			to, (size_t)(protobuf_put_varint(room, field, value) - room));
}

static inline void protobuf_append_fixed64(struct buffer *to, int field, uint64_t value)
{
	uint8_t *room = buffer_reserve(to, PROTOBUF_HEAD_MAX);

	if (room)
		buffer_advance(
			to, (size_t)(protobuf_put_fixed64(room, field, value) - room));
}

/* A text, whose bytes that are no UTF-8 become U+FFFD: readers refuse such. */
void protobuf_append_text(struct buffer *to, int field, struct slice text);

/* Makes a message of what was appended since the buffer had the size begin: it gets its
 * tag and length in front. */
void protobuf_wrap(struct buffer *to, int field, size_t begin);

/* The same for a message in a message, of which the outer one begins with head_size
 * bytes that stand at begin already, and the inner one is all behind them. */
void protobuf_wrap_two(
	struct buffer *to, int outer, int inner, size_t begin, size_t head_size);

#endif
